import audit from './audit.json'
import channel from './channel.json'
import matter from './matter.json'
import people from './people.json'
import right from './right.json'
import work from './work.json'

export default { audit, channel, matter, people, right, work }
