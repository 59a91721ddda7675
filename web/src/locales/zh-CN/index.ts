import air from './air.json'
import city from './city.json'
import forecast from './forecast.json'
import form from './form.json'
import map from './map.json'
import quality from './quality.json'
import session from './session.json'
import shell from './shell.json'
import standards from './standards.json'
import state from './state.json'
import warn from './warn.json'

export default { air, city, forecast, form, map, quality, session, shell, standards, state, warn }
