import { describe, expect, it } from '@jest/globals'
import { offerBody } from '../faults/short-journey.js'
import { audited, differencesIn, showRed } from './auditing.js'
import { applied, trainNote, type Door } from './door.js'
import type { RunningCorridor, Status } from './running-corridor.js'

/** The audit finds what is not what the log says. Everything planted here is put right again. */
export function describeAudit(corridor: () => RunningCorridor, door: () => Door): void {
  describe('the audit', () => {
    it('names the first thing in each database that somebody changed, added or took away', async () => {
      const { subject, offset } = await door().state('uz-forwarder', 'NoteIssued', undefined, await trainNote())
      for (const { participant } of corridor().nodes) await applied(corridor(), participant, offset + 1)
      const [entry, row] = [`log_offset = ${offset}`, `subject = '${subject}'`]
      const restore = await planted(corridor(), [
        ['ge-gr', 'entry', entry, `update entry set verdict = 'refused' where ${entry}`],
        ['ge-port-batumi', 'entry', entry, `update entry set effects = '[]' where ${entry}`],
        ['ge-customs', 'entry', entry, `update entry set value = set_byte(value, 300, get_byte(value, 300) # 1) where ${entry}`],
        ['bg-customs', 'entry', entry, `delete from entry where ${entry}`],
        ['bg-port-burgas', 'state', row, `update state set consignment = replace(consignment, '"holder":"uz-forwarder"', '"holder":"bg-port-burgas"') where ${row}`],
      ])
      try {
        const { code, report } = await audited(corridor())
        expect(code).toBe(1)
        const hash = expect.stringMatching(/^[A-Za-z0-9_-]{43}$/)
        expect(differencesIn(report)).toEqual({
          'ge-gr': { offset, field: 'verdict', expected: 'accepted', found: 'refused' },
          'ge-port-batumi': { offset, field: 'effects', expected: expect.stringContaining('"effect":"custody"'), found: '[]' },
          'ge-customs': { offset, field: 'valueHash', expected: hash, found: hash },
          'bg-customs': { offset, field: 'entry', expected: 'accepted', found: null },
          'bg-port-burgas': { offset: null, field: `state of ${subject}`, expected: hash, found: hash },
        })
        expect(report).toMatchObject({ equal: false })
        expect(report.nodes.filter(({ equal }) => equal)).toHaveLength(29)
        await showRed(corridor(), 'verdict, effects, a byte, an entry and a state row changed by the owners of five databases')
      } finally {
        await restore()
      }
      expect((await audited(corridor())).code).toBe(0)
    }, 180_000)

    it('convicts nodes whose judge differs in one rule, and rebuilding them with the right one makes them equal', async () => {
      const nodes = ['caspian-line', 'blacksea-line', 'kz-kmtf', 'az-asco']
      const rule = 'if (leg.carrier !== issuer && contract.carrier !== issuer)'
      const putRight = corridor().release.alter('libs/consignment/src/carriage.js', rule, 'if (false)')
      await corridor().restarted('sea')
      putRight() // for whoever starts from now on; the line's nodes run with the rule they changed

      const { subject } = await door().state('uz-forwarder', 'NoteIssued', undefined, await trainNote())
      const { occurredAt } = offerBody()
      const { offset } = await door().state('caspian-line', 'CarriageAgreed', subject, { contractId: 'c1', legIds: ['l1'], payerCodeKnown: true, occurredAt })
      const { code, report } = await audited(corridor())
      expect(code).toBe(1)
      const difference = { offset, field: 'verdict', expected: 'refused', found: 'accepted' }
      expect(differencesIn(report)).toEqual(Object.fromEntries(nodes.map((node) => [node, difference])))
      await showRed(corridor(), 'a shipping line whose software lets it agree to the carriage of others (CarriageAgreed without NOT_CARRIER_OF_LEG)')

      await corridor().restarted('sea')
      for (const node of nodes) {
        const { code: ended, stderr } = await corridor().run('rebuild', ['--node', node])
        expect(stderr).toBe('the state is another one than before: one of the two was not what the log says\n')
        expect(ended).toBe(1)
      }
      expect((await audited(corridor())).code).toBe(0)
    }, 300_000)

    it('says that a node lags whose process stands still', async () => {
      const { processes } = await corridor().status()
      const pid = corridor().kill(processes, 'rail', 'SIGSTOP')
      try {
        await door().state('uz-forwarder', 'NoteIssued', undefined, await trainNote())
        const { code, report } = await audited(corridor())
        expect(code).toBe(2)
        const railways = ['uz-uty', 'tm-tdy', 'az-ady', 'ge-gr', 'kz-ktz', 'tr-tcdd']
        const status = await corridor().run('status', ['--json'])
        expect(status.code).toBe(1)
        const notReady = (JSON.parse(status.stdout) as Status).nodes.filter(({ ready }) => !ready)
        expect(notReady.map(({ id, reason }) => `${id} ${reason}`)).toEqual(railways.map((id) => `${id} UNREACHABLE`))
        expect(report.nodes.filter(({ equal }) => !equal).map(({ id }) => id)).toEqual(railways)
        expect(differencesIn(report)).toEqual({})
        expect(report.nodes.filter(({ next }) => next < report.end).map(({ id }) => id)).toEqual(railways)
      } finally {
        process.kill(pid, 'SIGCONT')
      }
      await corridor().recovered(processes)
    }, 180_000)
  })
}

type Plant = readonly [node: string, table: string, where: string, change: string]

/** Changes rows as the owner of their database, and answers how to have them again as they were. */
async function planted(corridor: RunningCorridor, plants: readonly Plant[]): Promise<() => Promise<void>> {
  for (const [node, table, where, change] of plants) {
    await corridor.sql(node, `create table kept as select * from ${table} where ${where}`)
    await corridor.sql(node, change)
  }
  return async () => {
    for (const [node, table, where] of plants) {
      await corridor.sql(node, `delete from ${table} where ${where}`)
      await corridor.sql(node, `insert into ${table} select * from kept`)
      await corridor.sql(node, 'drop table kept')
    }
  }
}
