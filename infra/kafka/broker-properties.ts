import { join } from 'node:path'

/** server.properties of a broker that is a cluster of its own, on 127.0.0.1, and lets everybody there do anything. */
export function openProperties(broker: { readonly logDir: string; readonly port: number; readonly controllerPort: number }): string {
  return textOf({
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${broker.controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${broker.port},CONTROLLER://127.0.0.1:${broker.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${broker.port}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': broker.logDir,
    'auto.create.topics.enable': 'false',
    ...ownTopics(1),
    'group.initial.rebalance.delay.ms': '0',
  })
}

export interface SecuredBroker {
  readonly nodeId: number
  /** Every broker of the cluster, this one too, as the others reach it. */
  readonly cluster: readonly { readonly nodeId: number; readonly host: string; readonly ports: BrokerPorts }[]
  /** Where it listens; empty: at every address. */
  readonly bindHost: string
  readonly logDir: string
  /** Holds `ca.pem` and `broker.pem`, as certificates.ts makes them. */
  readonly tlsDir: string
  /** Common names of the certificates that may do everything: the brokers and who administers them. */
  readonly superUsers: readonly string[]
}

export interface BrokerPorts {
  /** Of the members: TLS, and a name and password by SCRAM. */
  readonly client: number
  /** Of the brokers and their administrator: TLS, with a certificate of their own. */
  readonly internal: number
  readonly controller: number
}

/** The mechanism by which members say who they are; kafkajs writes it in small letters. */
export const scramMechanism = 'SCRAM-SHA-512'

/**
 * server.properties of a broker (and controller) on which nobody may do what no rule allows. Members come with a password, brokers and their
 * administrator with a certificate: passwords by SCRAM are kept in the very log that the controllers have to open first.
 */
export function securedProperties({ nodeId, cluster, bindHost, logDir, tlsDir, superUsers }: SecuredBroker): string {
  const own = cluster.find((broker) => broker.nodeId === nodeId)
  if (own === undefined) throw new RangeError(`broker ${nodeId} is not in its cluster`)
  const { host, ports } = own
  const jaas = 'org.apache.kafka.common.security.scram.ScramLoginModule required;'
  return textOf({
    'process.roles': 'broker,controller',
    'node.id': String(nodeId),
    'controller.quorum.voters': cluster.map((broker) => `${broker.nodeId}@${broker.host}:${broker.ports.controller}`).join(),
    listeners: `CLIENT://${bindHost}:${ports.client},INTERNAL://${bindHost}:${ports.internal},CONTROLLER://${bindHost}:${ports.controller}`,
    'advertised.listeners': `CLIENT://${host}:${ports.client},INTERNAL://${host}:${ports.internal}`,
    'listener.security.protocol.map': 'CLIENT:SASL_SSL,INTERNAL:SSL,CONTROLLER:SSL',
    'inter.broker.listener.name': 'INTERNAL',
    'controller.listener.names': 'CONTROLLER',
    'listener.name.client.sasl.enabled.mechanisms': scramMechanism,
    [`listener.name.client.${scramMechanism.toLowerCase()}.sasl.jaas.config`]: jaas,
    'listener.name.internal.ssl.client.auth': 'required',
    'listener.name.controller.ssl.client.auth': 'required',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': join(tlsDir, 'broker.pem'),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': join(tlsDir, 'ca.pem'),
    'ssl.enabled.protocols': 'TLSv1.3,TLSv1.2',
    'ssl.principal.mapping.rules': 'RULE:^CN=([^,]+)$/$1/,DEFAULT',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found': 'false',
    'super.users': superUsers.map((name) => `User:${name}`).join(';'),
    'log.dirs': logDir,
    'auto.create.topics.enable': 'false',
    'unclean.leader.election.enable': 'false',
    ...ownTopics(Math.min(3, cluster.length)),
  })
}

/** Kafka's own topics hold little here: no consumer group and no transaction is used. */
function ownTopics(replicas: number): Readonly<Record<string, string>> {
  const minIsr = String(Math.max(1, replicas - 1))
  return {
    'offsets.topic.num.partitions': '4',
    'offsets.topic.replication.factor': String(replicas),
    'transaction.state.log.num.partitions': '4',
    'transaction.state.log.replication.factor': String(replicas),
    'transaction.state.log.min.isr': minIsr,
    'share.coordinator.state.topic.num.partitions': '1',
    'share.coordinator.state.topic.replication.factor': String(replicas),
    'share.coordinator.state.topic.min.isr': minIsr,
  }
}

function textOf(properties: Readonly<Record<string, string>>): string {
  return `${Object.entries(properties).map(([name, value]) => `${name}=${value}`).join('\n')}\n`
}
