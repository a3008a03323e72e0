/** How commands enter a Kafka that is not everybody's: the variables of a node (libs/node/src/config.ts). */
export interface KafkaAccess {
  readonly ssl?: boolean
  readonly sasl?: { readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; readonly username: string; readonly password: string }
  readonly replicationFactor?: number
  readonly minIsr?: number
}

const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const

/** Adds what is wrong to `problems`, never a value. */
export function readKafkaAccess(env: NodeJS.ProcessEnv, problems: string[]): KafkaAccess {
  const { KAFKA_SSL: ssl, KAFKA_SASL_MECHANISM: named, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = env
  if (ssl !== undefined && ssl !== 'true' && ssl !== 'false') problems.push('KAFKA_SSL is true or false')
  const mechanism = mechanisms.find((known) => known === named)
  const hasSasl = named !== undefined || username !== undefined || password !== undefined
  const sasl = mechanism && username && password ? { mechanism, username, password } : undefined
  if (hasSasl && !sasl) problems.push(`KAFKA_SASL_MECHANISM (${mechanisms.join(', ')}), KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD belong together`)
  const [replicationFactor, minIsr] = (['KAFKA_REPLICATION_FACTOR', 'KAFKA_MIN_ISR'] as const).map((name) => copies(name, env[name], problems))
  return {
    ...(ssl === 'true' && { ssl: true }),
    ...(sasl && { sasl }),
    ...(replicationFactor !== undefined && { replicationFactor }),
    ...(minIsr !== undefined && { minIsr }),
  }
}

function copies(name: string, value: string | undefined, problems: string[]): number | undefined {
  if (value === undefined) return undefined
  if (!/^[1-9]$/.test(value)) problems.push(`${name} is a number from 1 to 9`)
  return Number(value)
}
