import air from './air.json'
import forecast from './forecast.json'
import map from './map.json'
import session from './session.json'
import shell from './shell.json'
import state from './state.json'
import warn from './warn.json'

export default { air, forecast, map, session, shell, state, warn }
