import { describe, expect, it } from '@jest/globals'
import { allOf } from './all-of.js'

const said = (code: string) => Object.assign(new Error(code), { severity: 'ERROR', code })

describe('what was sent together', () => {
  it('answers in the order of sending', async () => {
    expect(await allOf([Promise.resolve(1), undefined, Promise.resolve('two')])).toEqual([1, undefined, 'two'])
  })

  it('is waited for to its last, before one failure is told', async () => {
    const order: string[] = []
    const slow = new Promise<void>((resolve) => setTimeout(resolve, 20)).then(() => void order.push('the slow one is done'))
    await allOf([Promise.reject(said('23505')), slow]).catch(() => order.push('failed'))
    expect(order).toEqual(['the slow one is done', 'failed'])
  })

  it('tells what failed, not that the transaction had failed by then', async () => {
    await expect(allOf([Promise.reject(said('25P02')), Promise.reject(said('22021')), Promise.reject(said('25P02'))])).rejects.toMatchObject({ code: '22021' })
    await expect(allOf([Promise.reject(said('25P02'))])).rejects.toMatchObject({ code: '25P02' })
  })
})
