import episode from './episode.json'
import field from './field.json'
import model from './model.json'
import product from './product.json'
import right from './right.json'
import room from './room.json'
import verification from './verification.json'

export default { episode, field, model, product, right, room, verification }
