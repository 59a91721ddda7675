import account from './account.json'
import audit from './audit.json'
import channel from './channel.json'
import field from './field.json'
import form from './form.json'
import matter from './matter.json'
import notice from './notice.json'
import people from './people.json'
import right from './right.json'
import work from './work.json'

export default { account, audit, channel, field, form, matter, notice, people, right, work }
