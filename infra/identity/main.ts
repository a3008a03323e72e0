import { readFileSync } from 'node:fs'
import { createIdentityServer, type IdentityConfig } from './server.js'

const file = process.env['KARVAN_CONFIG']
if (file === undefined) throw new Error('KARVAN_CONFIG names no file: the launcher writes data/config/identity.json and gives its path')
const config = JSON.parse(readFileSync(file, 'utf8')) as IdentityConfig // written by the launcher of the same build
const server = createIdentityServer(config)
server.listen(config.port, config.host)

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    server.close()
    server.closeAllConnections()
  })
}
