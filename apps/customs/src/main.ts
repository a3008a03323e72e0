import { runProcess } from '#libs/node'
import { profile } from './profile.js'

await runProcess(profile)
