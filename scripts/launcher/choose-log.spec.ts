import { describe, expect, it } from '@jest/globals'
import { LocalBrokerError } from '../../infra/kafka/jars.js'
import { chooseLog } from './choose-log.js'

const here = { brokers: undefined, dataDir: '/data' }
const elsewhere = { ...here, brokers: ['k1:9092'] }
const able = () => Promise.resolve(undefined)
const unable = (code: 'KAFKA_NO_JAVA' | 'KAFKA_NO_MAVEN') => () => Promise.resolve(new LocalBrokerError(code, 'install it.'))

describe('the log of a corridor', () => {
  it('is on Kafka where one is named or can be run, and then nothing need be said', async () => {
    expect(await chooseLog(here, undefined, able)).toEqual({ kind: 'kafka' })
    expect(await chooseLog(elsewhere, undefined, unable('KAFKA_NO_JAVA'))).toEqual({ kind: 'kafka' })
  })

  it.each([
    ['KAFKA_NO_JAVA', 'there is no Java 17+ here (the command `java`)'],
    ['KAFKA_NO_MAVEN', 'there is no Maven here (the command `mvn`)'],
  ] as const)('is a table in PostgreSQL where none can be run, and one line says what is missing and what that means: %s', async (code, lack) => {
    const { kind, says = '' } = await chooseLog(here, undefined, unable(code))
    expect(kind).toBe('postgres')
    expect(says).toContain(`NO KAFKA: ${lack}`)
    expect(says).toMatch(/a table in PostgreSQL: no broker between the organisations.* For trying out only/)
    expect(says).not.toContain('\n')
  })

  it('stays in PostgreSQL where it was founded there, though a Kafka could run by now, and says so', async () => {
    const { kind, says } = await chooseLog(here, { log: 'postgres' }, able)
    expect(kind).toBe('postgres')
    expect(says).toContain('one could run here now, but this corridor was founded without and goes on with its log')
  })

  it('stays on Kafka where it was founded there: without Java its start is complained about, not begun on another log', async () => {
    expect(await chooseLog(here, { log: 'kafka' }, unable('KAFKA_NO_JAVA'))).toEqual({ kind: 'kafka' })
  })

  it('is not looked for on a Kafka when it is in PostgreSQL', async () => {
    await expect(chooseLog(elsewhere, { log: 'postgres' }, able)).rejects.toMatchObject({ code: 'ANOTHER_LOG', message: expect.stringContaining('KAFKA_BROKERS') })
  })
})
