import episode from './episode.json'
import field from './field.json'
import form from './form.json'
import model from './model.json'
import product from './product.json'
import right from './right.json'
import room from './room.json'
import verification from './verification.json'

export default { episode, field, form, model, product, right, room, verification }
