import { afterAll, describe, expect, it } from '@jest/globals'
import { startBroker } from '../../../infra/kafka/local-broker.js'
import { privateKafka, sharedKafka } from './local-kafka.js'

const own = await privateKafka()

describe('a broker of our own', () => {
  afterAll(() => own.current().stop())

  it('is refused a port that somebody has', async () => {
    const [address = ''] = own.current().brokers
    const port = Number(address.split(':')[1])
    await expect(startBroker({ dataDir: '/nowhere', port })).rejects.toMatchObject({ code: 'PORT_BUSY' })
  })

  it('starts again on the same folder after a kill', async () => {
    const { pid } = own.current()
    await own.current().kill()
    await own.start()
    expect(own.current().pid).not.toBe(pid)
  })

  it('is one for the whole run', async () => {
    expect(await sharedKafka()).toEqual(await sharedKafka())
  })
})
