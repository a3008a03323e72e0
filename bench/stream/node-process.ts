/** One node with its HTTP port in a process of its own, told by messages what to do. It states nothing and lets everybody read. */
import 'reflect-metadata'
import { randomBytes } from 'node:crypto'
import { openNode, type NodeKeys } from '#libs/node'
import { openKafkaLog } from '#libs/log-kafka'
import { openPostgresLedger } from '#libs/ledger-postgres'
import { generateKeyPair } from '#libs/signature'
import { signingKeyOf } from '../traffic/founding.js'
import { timeNow, type FromNode, type StreamPlan, type ToNode } from './streaming-node.js'

const tell = (message: FromNode) => process.send?.(message)

process.on('message', (message: ToNode) => {
  if ('open' in message) void open(message.open).then(() => tell({ ready: true }), fail)
  else if ('usage' in message) tell(usage())
  else process.exit() // what it has is for this run only
})

function usage(): FromNode {
  const { user, system } = process.cpuUsage()
  return { cpuMs: (user + system) / 1_000, residentMib: process.memoryUsage.rss() / 2 ** 20 }
}

function fail(error: unknown): void {
  console.error(error)
  process.exit(1)
}

async function open({ brokers, topic, particularsTopic, corridor, participant, database, port, opsPort }: StreamPlan): Promise<void> {
  const clientId = `bench-${participant}`
  await openNode({
    corridor, participant, keys: keysMadeUp(), canRebuild: false, clock: { now: () => Date.now() }, random: randomBytes,
    peerGet: () => Promise.reject(new Error('the bench has no neighbours')),
    http: { host: '127.0.0.1', port, url: `http://127.0.0.1:${port}`, oidcIssuer: 'http://issuer.invalid', requestsPerMinute: 1_000_000 },
    ops: { host: '127.0.0.1', port: opsPort },
    readToken: () => Promise.resolve({ actor: { pseudonym: 'a-reader', assurance: 'substantial' }, scopes: ['read'], expiresAt: Date.now() + 3_600_000 }),
    say: (level, message, facts) => void (level === 'error' && console.error(message, facts)),
    open: {
      events: () => openKafkaLog({ brokers, topic, clientId }),
      particulars: () => openKafkaLog({ brokers, topic: particularsTopic, clientId, retentionMs: 30 * 24 * 3_600_000 }),
      ledger: async () => {
        const ledger = await openPostgresLedger(database)
        return {
          ...ledger,
          apply: async (batch) => {
            const outcome = await ledger.apply(batch)
            tell({ committed: batch.next, at: timeNow() })
            return outcome
          },
        }
      },
    },
  })
}

function keysMadeUp(): NodeKeys {
  const [signing, encrypting] = [generateKeyPair(), generateKeyPair()]
  const key = signingKeyOf(signing)
  return { signatureJwk: signing.publicJwk, encryptionJwk: encrypting.publicJwk, signature: () => key, encryption: () => [] }
}
