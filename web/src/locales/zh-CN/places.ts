import city from './city.json'
import quality from './quality.json'
import standards from './standards.json'

export default { city, quality, standards }
