import login from './login.json'

export default { login }
