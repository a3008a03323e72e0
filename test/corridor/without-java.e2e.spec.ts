import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { audited } from './auditing.js'
import { RunningCorridor } from './running-corridor.js'

/** What the launcher asks of a system, where it runs as root; nobody has Java here. */
const commands = ['id', 'groupadd', 'useradd']

describe('a corridor on a machine that has only Node', () => {
  const bin = mkdtempSync(join(tmpdir(), 'karvan-bin-'))
  let corridor: RunningCorridor
  let end: number

  beforeAll(async () => {
    for (const command of commands) {
      const path = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, command)).find((file) => existsSync(file))
      if (path !== undefined) symlinkSync(path, join(bin, command))
    }
    corridor = await RunningCorridor.open({ PATH: bin, KARVAN_CORRIDOR: 'ferghana' })
  }, 400_000)
  afterAll(async () => {
    await corridor?.close()
    rmSync(bin, { recursive: true, maxRetries: 20, retryDelay: 100 })
  }, 60_000)

  it('runs with its log in PostgreSQL, having said so in one line, and every node is ready', async () => {
    expect(corridor.said).toMatch(/^NO KAFKA: there is no Java 17\+ here .* The log is a table in PostgreSQL: .* For trying out only; .*$/m)
    const { log, processes, nodes } = await corridor.status()
    const database = `127.0.0.1:${corridor.portBase + 432}/karvan_${corridor.portBase}__log`
    expect(log).toEqual({ kind: 'postgres', brokers: [], database, topic: 'ferghana.1.events', end: expect.any(Number) })
    expect(nodes.map(({ ready }) => ready)).toEqual(Array(7).fill(true))
    expect(processes.map(({ name }) => name)).not.toContain('Kafka')
    expect((await corridor.run('authority', ['list'])).stdout).toMatch(/^kg-customs +customs +KG +admitted /m)
  }, 60_000)

  it('is played through by its story, and every node is found equal', async () => {
    const { code, stdout } = await corridor.run('demo')
    expect(stdout).toMatch(/ is delivered; held, as the node of kg-forwarder has it, by\n +uz-consignee +4 items$/m)
    expect(stdout).toMatch(/: every node holds the same, and what the log says$/m)
    expect(code).toBe(0)
  }, 120_000)

  it('loses nothing of it when PostgreSQL is killed, and holds it after a rebuild', async () => {
    end = (await audited(corridor)).report.end
    await corridor.restarted('PostgreSQL')
    expect(await audited(corridor)).toMatchObject({ code: 0, report: { equal: true, end } })
    expect((await corridor.run('rebuild', ['--node', 'uz-rail'])).code).toBe(0)
  }, 120_000)

  it('goes on with the same log when it is started again, Java or not, and says so', async () => {
    const before = await corridor.status()
    expect(await corridor.stop()).toBe(0)
    const said = await corridor.start({ PATH: process.env['PATH'] })
    expect(said).toMatch(/^NO KAFKA: one could run here now, but this corridor was founded without and goes on with its log\. .* For trying out only/m)
    const { log, corridor: id } = await corridor.status()
    expect({ log, id }).toEqual({ log: before.log, id: before.corridor })
    expect(await audited(corridor)).toMatchObject({ code: 0, report: { equal: true, end } })
  }, 400_000)
})
