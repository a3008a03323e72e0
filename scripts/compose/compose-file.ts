import { serverPorts } from '../../corridors/ports.js'
import { runtimeFlags } from '../../infra/runtime-flags.js'
import { brokerPorts, brokersOf, images, inside, issuer, names, replication, secretsFolder, type Stack } from './stack.js'

/** docker-compose.yml of a corridor, as text. Passwords are in none of it: they come from the files that `npm run compose -- secrets` writes. */
export function composeFile(stack: Stack): string {
  return `# Made by \`npm run compose -- file\` from the data of corridors/${stack.corridor.name}; a test holds it to them. Change scripts/compose/ instead.
#
#   npm run compose -- secrets      passwords, certificates and the authority's keys, once, into ${secretsFolder}/
#   docker compose up --build       the corridor; docs/decisions/${decision} says why it is as it is

${commonParts(stack)}
services:
${[...stack.brokers.map((broker) => brokerService(broker)), accessService(stack), postgresService(stack), identityService(), ...authorityServices(), ...stack.nodes.map(nodeService)].join('\n')}
volumes:
${[...stack.brokers.map(({ host }) => host), names.postgres, ...stack.nodes.map(({ participant }) => `${participant}-keys`)].map((volume) => `  ${volume}:\n`).join('')}`
}

const decision = '0014-containers.md'
const secrets = `\${KARVAN_SECRETS:-./${secretsFolder}}`
/** Whoever made the secrets is who may read them. */
const owner = '${KARVAN_UID:-1000}:${KARVAN_GID:-1000}'

function commonParts(stack: Stack): string {
  const { corridor, topics } = stack
  return `x-karvan: &karvan
  build: .
  image: karvan:local
  init: true
  read_only: true
  tmpfs: [/tmp]
  cap_drop: [ALL]
  security_opt: ["no-new-privileges:true"]

# What every node is told alike: the variables of libs/node/src/config.ts.
x-node-environment: &node-environment
  NODE_EXTRA_CA_CERTS: ${inside.ca}
  KARVAN_CORRIDOR_NAME: ${corridor.name}
  KARVAN_TOPIC: ${topics.events}
  KARVAN_PARTICULARS_TOPIC: ${topics.particulars}
  KARVAN_EPOCH: "${corridor.epoch}"
  KAFKA_BROKERS: ${brokersOf(stack).join()}
  KAFKA_REPLICATION_FACTOR: "${replication.factor}"
  KAFKA_MIN_ISR: "${replication.minIsr}"
  KAFKA_SSL: "true"
  KAFKA_SASL_MECHANISM: scram-sha-512
  OIDC_ISSUER: ${issuer}
  KARVAN_HOST: 0.0.0.0
  KARVAN_OPS_HOST: 0.0.0.0

# The corridor's authority and the commands of package.json, inside the network of the nodes.
x-authority: &authority
  <<: *karvan
  user: "${owner}"
  environment:
    NODE_EXTRA_CA_CERTS: ${inside.ca}
    KARVAN_DATA: ${inside.data}
    KARVAN_CORRIDOR: ${corridor.name}
    KARVAN_HOSTS: apart
    KAFKA_BROKERS: ${brokersOf(stack).join()}
    KAFKA_REPLICATION_FACTOR: "${replication.factor}"
    KAFKA_MIN_ISR: "${replication.minIsr}"
    KAFKA_SSL: "true"
    KAFKA_SASL_MECHANISM: scram-sha-512
    KAFKA_SASL_USERNAME: ${names.founder}
  env_file: ["${secrets}/authority.env"]
  entrypoint: [node, scripts/run.mjs]
  volumes:
    - "${secrets}:${inside.data}"
    - "${secrets}/tls/ca.pem:${inside.ca}:ro"

x-broker: &broker
  image: ${images.kafka}
  restart: unless-stopped
  environment:
    KAFKA_HEAP_OPTS: -Xms256m -Xmx512m
  # As a local broker is started (infra/kafka): formatted once, then run with the settings that the secrets' script wrote.
  command:
    - bash
    - -c
    - >-
      /opt/kafka/bin/kafka-storage.sh format --ignore-formatted -t "$$(cat ${inside.broker}/cluster-id)" -c ${inside.broker}/server.properties
      && exec /opt/kafka/bin/kafka-server-start.sh ${inside.broker}/server.properties
  healthcheck:
    test: [CMD, bash, -c, "exec 3<>/dev/tcp/127.0.0.1/${brokerPorts.internal}"]
    interval: 10s
    timeout: 5s
    retries: 6
    start_period: 60s
`
}

function brokerService({ host }: Stack['brokers'][number]): string {
  return `  ${host}:
    <<: *broker
    hostname: ${host}
    volumes:
      - "${host}:/var/lib/kafka/data"
      - "${secrets}/${host}:${inside.broker}:ro"
`
}

function accessService({ brokers }: Stack): string {
  return `  # Users, rights and quotas; again at every start, which changes nothing.
  kafka-access:
    image: ${images.kafka}
    command: [bash, ${inside.access}/access.sh]
    restart: on-failure
    volumes: ["${secrets}/kafka-access:${inside.access}:ro"]
    depends_on:
${brokers.map(({ host }) => `      ${host}: { condition: service_healthy }`).join('\n')}
`
}

/** What a node takes of the server at most: KARVAN_DATABASE_CONNECTIONS, its lock and its listening. */
const connectionsPerNode = 8

function postgresService({ nodes }: Stack): string {
  return `  # One server with a database for each node, as on a laptop; in earnest each participant has its own.
  ${names.postgres}:
    image: ${images.postgres}
    command: [postgres, -c, max_connections=${nodes.length * connectionsPerNode + 20}]
    restart: unless-stopped
    env_file: ["${secrets}/postgres.env"]
    volumes: ["${names.postgres}:/var/lib/postgresql"]
    healthcheck:
      test: [CMD, pg_isready, -q, -h, 127.0.0.1, -U, postgres]
      interval: 5s
      timeout: 5s
      retries: 6
      start_period: 60s
`
}

function identityService(): string {
  return `  # The demo's people; another provider's address goes into OIDC_ISSUER above.
  ${names.identity}:
    <<: *karvan
    user: "${owner}"
    command: [dist/infra/identity/main.js]
    restart: unless-stopped
    environment:
      KARVAN_CONFIG: ${inside.data}/config/identity.json
    volumes:
      - "${secrets}/identity:${inside.data}/identity"
      - "${secrets}/config/identity.json:${inside.data}/config/identity.json:ro"
    ports: ["127.0.0.1:${serverPorts.identity}:${serverPorts.identity}"]
    healthcheck:
      test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1:${serverPorts.identity}/.well-known/openid-configuration"]
      interval: 10s
      timeout: 5s
      retries: 6
      start_period: 30s
`
}

function authorityServices(): readonly string[] {
  return [
    `  # Makes the databases and topics, founds the corridor unless it is founded, and registers its participants and places.
  founding:
    <<: *authority
    command: [compose, found]
    restart: on-failure
    depends_on:
      kafka-access: { condition: service_completed_successfully }
      ${names.postgres}: { condition: service_healthy }
`,
    `  # Admits the key that each node shows for the first time.
  admission:
    <<: *authority
    command: [compose, admit]
    restart: on-failure
    depends_on:
      founding: { condition: service_completed_successfully }
`,
    `  # docker compose run --rm tools status, authority list, audit, demo, token --as USER …
  tools:
    <<: *authority
    profiles: [tools]
`,
  ]
}

function nodeService({ participant, role, name, port, opsPort, url }: Stack['nodes'][number]): string {
  return `  # ${name}
  ${participant}:
    <<: *karvan
    command: [${[...runtimeFlags, `dist/apps/${role}/src/main.js`].join(', ')}]
    restart: unless-stopped
    environment:
      <<: *node-environment
      KARVAN_PARTICIPANT: ${participant}
      KARVAN_PORT: "${port}"
      KARVAN_OPS_PORT: "${opsPort}"
      KARVAN_URL: ${url}
      KARVAN_KEY_FILE: ${inside.keys}/${participant}.json
      KAFKA_SASL_USERNAME: ${participant}
    env_file: ["${secrets}/nodes/${participant}.env"]
    volumes:
      - "${participant}-keys:${inside.keys}"
      - "${secrets}/tls/ca.pem:${inside.ca}:ro"
    ports: ["127.0.0.1:${port}:${port}"]
    healthcheck:
      test: [CMD, wget, -q, -O, /dev/null, "http://127.0.0.1:${port}/health/ready"]
      interval: 15s
      timeout: 5s
      retries: 4
      start_period: 120s
    depends_on:
      founding: { condition: service_completed_successfully }
      ${names.identity}: { condition: service_healthy }
`
}
