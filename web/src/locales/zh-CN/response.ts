import field from './field.json'
import form from './form.json'
import plan from './plan.json'
import right from './right.json'
import warning from './warning.json'

export default { field, form, plan, right, warning }
