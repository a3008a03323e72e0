import { spawn } from 'node:child_process'
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type LocalBrokerFault = 'KAFKA_NO_JAVA' | 'KAFKA_NO_MAVEN' | 'KAFKA_JARS' | 'KAFKA_DIED' | 'PORT_BUSY'

/** Why no broker of our own can run here; the message is one sentence saying what to do. */
export class LocalBrokerError extends Error {
  constructor(
    readonly code: LocalBrokerFault,
    message: string,
  ) {
    super(message)
  }
}

/**
 * Of a broker that has its machine in common with a whole corridor: it collects garbage by one thread. Not `TieredStopAtLevel=1`, for the sake of the
 * first minutes (decision 0020): by that it takes half as much again for as long as statements keep coming (decision 0032).
 */
export const brokerFlags: readonly string[] = ['-XX:+UseSerialGC']

/** Of a tool that ends at once: compiled quickly. */
export const toolFlags: readonly string[] = [...brokerFlags, '-XX:TieredStopAtLevel=1']

/** Folder of Kafka's jars, resolved by Maven the first time and kept. Throws LocalBrokerError: KAFKA_NO_JAVA, KAFKA_NO_MAVEN or KAFKA_JARS. */
export async function ensureJars(): Promise<string> {
  await requireJava()
  const { target, jars } = jarFolders()
  if (existsSync(jars)) return jars
  // Into a folder of our own and renamed when whole: two test workers may come at once, and a broken download must not pass for a good one.
  const fresh = join(target, `jars-${process.pid}`)
  const goal = ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${fresh}`]
  await runToEnd('mvn', ['-f', join(infraFolder(), 'pom.xml'), ...goal], 'KAFKA_JARS')
  if (!readdirSync(fresh).some((name) => name.startsWith('kafka_'))) throw new LocalBrokerError('KAFKA_JARS', `Maven left no Kafka in ${fresh}.`)
  try {
    renameSync(fresh, jars)
  } catch {
    rmSync(fresh, { recursive: true }) // somebody else was first
  }
  return jars
}

/** What keeps a broker from running here at all: KAFKA_NO_JAVA or KAFKA_NO_MAVEN. Undefined when it can be tried; nothing is fetched yet. */
export async function kafkaObstacle(): Promise<LocalBrokerError | undefined> {
  try {
    await requireJava()
    if (!existsSync(jarFolders().jars)) await runToEnd('mvn', ['--version'], 'KAFKA_NO_MAVEN')
    return undefined
  } catch (error) {
    if (error instanceof LocalBrokerError) return error
    throw error
  }
}

const leastJava = 17

async function requireJava(): Promise<void> {
  const said = await runToEnd('java', ['-version'], 'KAFKA_NO_JAVA')
  const version = javaVersionIn(said)
  if (version !== undefined && version < leastJava) throw new LocalBrokerError('KAFKA_NO_JAVA', `Java ${version} is too old. ${missing.java[1]}`)
}

/** The version in what `java -version` says; 8 and older call themselves 1.8. Undefined where it says it in another way. */
export function javaVersionIn(said: string): number | undefined {
  const version = /version "(?:1\.)?(\d+)/.exec(said)?.[1]
  return version === undefined ? undefined : Number(version)
}

/** Where the jars are fetched to, and where they lie then. */
function jarFolders() {
  const target = join(infraFolder(), 'target')
  return { target, jars: join(target, 'jars') }
}

/** infra/kafka of the checkout, also when this runs compiled from dist/. */
export function infraFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'infra', 'kafka', 'pom.xml'))) {
    const above = dirname(folder)
    if (above === folder) throw new LocalBrokerError('KAFKA_JARS', 'infra/kafka/pom.xml is not beside this program; name a running Kafka instead.')
    folder = above
  }
  return join(folder, 'infra', 'kafka')
}

const missing = {
  java: ['KAFKA_NO_JAVA', 'Install Java 17 or newer (the command `java`), or name a running Kafka.'],
  mvn: ['KAFKA_NO_MAVEN', 'Install Maven (the command `mvn`), which fetches Kafka the first time, or name a running Kafka.'],
} as const

/** Runs a command and returns what it wrote; a failure carries `fault` and its last words, a command that is not there says what to install. */
export function runToEnd(command: 'java' | 'mvn', args: readonly string[], fault: LocalBrokerFault, input?: string | Buffer, onSpawn?: ((pid: number) => void) | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    if (child.pid !== undefined) onSpawn?.(child.pid)
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.stdin.on('error', () => undefined) // it ended before reading: its exit code tells
    child.stdin.end(input)
    const [absence, advice] = missing[command]
    child.once('error', () => reject(new LocalBrokerError(absence, advice)))
    child.once('close', (code) => {
      if (code === 0) resolve(said)
      else reject(new LocalBrokerError(fault, `${command} ended with ${code}: ${said.trim().slice(-600)}`))
    })
  })
}
