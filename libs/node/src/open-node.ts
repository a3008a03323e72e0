import rateLimit from '@fastify/rate-limit'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { maxHeaderSize, type Server } from 'node:http'
import { isIP } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LogBatchStrategy } from '#libs/log-kafka'
import { Alarms } from './alarms.js'
import { takesCsv } from './call-request.js'
import type { Door } from './door.js'
import { nestLogger, type Say } from './json-log.js'
import { shownKeys, type NodeKeys } from './key-store.js'
import { Metrics } from './metrics.js'
import { NodeModule } from './node.module.js'
import { NodeRuntime, type RuntimeParts } from './node-runtime.js'
import { openOps, type Listening, type OpsNode } from './ops.js'
import { bodyLimitBytes, sendProblem } from './problem.filter.js'
import { problem, ProblemError } from './problem.js'
import type { ReadToken } from './tokens.js'
import { unreadBodyGone } from './unread-body.js'

export interface NodeOptions extends Omit<RuntimeParts, 'alarms' | 'metrics'> {
  readonly keys: NodeKeys
  readonly http: Listening & { readonly url: string; readonly oidcIssuer: string; readonly requestsPerMinute: number; readonly trustedProxies?: readonly string[] }
  readonly ops: Listening
  readonly readToken: ReadToken
  readonly say: Say
}

export interface OpenNode {
  readonly runtime: NodeRuntime
  readonly alarms: Alarms
  readonly app: NestFastifyApplication
  readonly opsUrl: string
  /** Answers what is being asked, then closes everything. */
  close(): Promise<void>
}

/** Requests under way have so long to get their answer when the node stops. */
const graceMs = 4_000
/** Of one address: enough for people, nothing for a search. */
const linksPerMinute = 60

/** One node with its two HTTP ports. It listens at once, also while its log and database are out of reach; then it says so. */
export async function openNode(options: NodeOptions): Promise<OpenNode> {
  const { participant, corridor, keys, clock, say, http } = options
  const metrics = new Metrics(participant)
  const alarms = new Alarms(say, clock, (code) => metrics.countAlarm(code))
  const runtime = new NodeRuntime({ ...options, alarms, metrics })
  const adapter = adapterFor(say, http.trustedProxies)
  const door: Door = {
    participant,
    ...http,
    readToken: noticed(options.readToken, alarms),
    ...(await limiters(adapter.getInstance(), http.requestsPerMinute)),
  }
  observeRequests(adapter.getInstance(), metrics)
  const app = await NestFactory.create<NestFastifyApplication>(NodeModule.for(runtime, door, say), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: nestLogger(say),
  })
  const strategy = new LogBatchStrategy()
  app.connectMicroservice({ strategy })
  const ops = await listening(app, options, { runtime, alarms, metrics, shown: () => shownKeys(keys, participant, corridor.id, clock) }).catch(
    async (error: unknown) => {
      await app.close()
      throw error
    },
  )
  runtime.start((events) => (from, reader) => strategy.follow(events, from, reader))
  return {
    runtime,
    alarms,
    app,
    opsUrl: ops.url,
    async close() {
      const ended = runtime.feed.stop() // streams have no answer to wait for
      const answered = adapter.close()
      await Promise.race([answered, wait(graceMs, undefined, { ref: false })]) // what is asked is still decided meanwhile
      await Promise.all([ended, runtime.stop(), ops.close()]) // who waits longer is told now that it is kept
      await Promise.race([answered, wait(graceMs / 4, undefined, { ref: false })])
      adapter.getHttpServer<Server>().closeAllConnections()
      await app.close()
    },
  }
}

async function listening(app: NestFastifyApplication, { http, ops }: NodeOptions, node: OpsNode) {
  await app.startAllMicroservices()
  await app.listen(http.port, http.host)
  return openOps(ops, node)
}

/** Nobody outside can do anything about an identity provider that is away; an operator can. */
function noticed(readToken: ReadToken, alarms: Alarms): ReadToken {
  return (...asked) =>
    readToken(...asked).catch((error: unknown) => {
      if (error instanceof ProblemError && error.problem.code === 'IDENTITY_UNAVAILABLE') alarms.raise(error.problem.code, error.message)
      throw error
    })
}

/** Bodies are bounded, kept as bytes and of one kind; everything the framework refuses by itself is a problem, too. */
function adapterFor(say: Say, trustedProxies: readonly string[] = []): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: bodyLimitBytes,
    ...(trustedProxies.length > 0 && { trustProxy: [...trustedProxies] }), // an address is then the last one that none of them has
    requestTimeout: 30_000, // to send a request in; its answer may take longer
    routerOptions: { maxParamLength: maxHeaderSize }, // a whole address has no more: each route says for itself that there is nothing by a name, however long
    return503OnClosing: false, // what comes in over a living connection meanwhile is answered as a problem, or well
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => sendProblem(request, reply, error, say),
  })
  const instance = adapter.getInstance<FastifyInstance>()
  instance.removeAllContentTypeParsers()
  instance.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  instance.addContentTypeParser('text/csv', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  instance.addHook('onRequest', (request, reply, done) => {
    void reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    const type = request.headers['content-type']
    const kinds = takesCsv(request.routeOptions.url) ? /^(?:application\/json|text\/csv)\s*(?:;\s*charset="?utf-8"?\s*)?$/i : /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i
    const isOurs = request.headers['content-encoding'] === undefined && (type === undefined || kinds.test(type))
    done(isOurs ? undefined : problem('MEDIA_TYPE', 'a body is application/json, in UTF-8, without content encoding; a loading list may be text/csv'))
  })
  closeBehindAnswers(instance)
  instance.addHook('onSend', async (request, reply) => {
    if (reply.statusCode === 413) await unreadBodyGone(request.raw)
  })
  return adapter
}

/** A connection that was busy when the node began to stop would otherwise be kept for the next request and hold up the end. */
function closeBehindAnswers(instance: FastifyInstance): void {
  let isClosing = false
  instance.addHook('preClose', (done) => {
    isClosing = true
    done()
  })
  instance.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing) void reply.header('connection', 'close')
    done()
  })
}

/** Of whoever asks. What a trusted proxy passes on and is no address, as one with a port, would give each connection a limit of its own: then the proxy's counts. */
function addressOf({ ip, socket }: FastifyRequest): string {
  return isIP(ip) === 0 ? (socket.remoteAddress ?? '') : ip
}

async function limiters(instance: FastifyInstance, max: number): Promise<Pick<Door, 'tooMany' | 'tooManyLinks'>> {
  const people = new WeakMap<FastifyRequest, string>()
  await instance.register(rateLimit, { global: false })
  const check = instance.createRateLimit({ max, timeWindow: '1 minute', keyGenerator: (request) => people.get(request) ?? `address ${addressOf(request)}` })
  const checkLinks = instance.createRateLimit({ max: linksPerMinute, timeWindow: '1 minute', keyGenerator: (request) => `links ${addressOf(request)}` })
  const secondsTo = (outcome: Awaited<ReturnType<typeof check>>) => (!outcome.isAllowed && outcome.isExceeded ? outcome.ttlInSeconds : undefined)
  return {
    async tooMany(request, person) {
      if (person !== undefined) people.set(request, `person ${person}`)
      return secondsTo(await check(request))
    },
    tooManyLinks: async (request) => secondsTo(await checkLinks(request)),
  }
}

function observeRequests(instance: FastifyInstance, metrics: Metrics): void {
  instance.addHook('onResponse', (request, reply, done) => {
    metrics.observeRequest(request.method, request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1_000)
    done()
  })
}
