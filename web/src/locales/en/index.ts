import air from './air.json'
import city from './city.json'
import forecast from './forecast.json'
import map from './map.json'
import quality from './quality.json'
import shell from './shell.json'
import standards from './standards.json'
import state from './state.json'
import warn from './warn.json'

export default { air, city, forecast, map, quality, shell, standards, state, warn }
