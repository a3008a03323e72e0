import { describe, expect, it, test } from '@jest/globals'
import { isValidEquipmentId, isValidImo, isValidStationCode } from './check-digit.js'

describe('the check digit of equipment', () => {
  test.each([
    ['iso6346', 'CSQU3054383'],
    ['iso6346', 'CBHU3202732'],
    ['iso6346', 'BEAU5694302'],
    ['wagon1520', '64712359'],
    ['wagonUic', '505126180015'],
  ] as const)('%s %s is right, and wrong with any other last digit', (scheme, id) => {
    for (let digit = 0; digit < 10; digit++) expect(isValidEquipmentId(scheme, id.slice(0, -1) + digit)).toBe(id.endsWith(String(digit)))
  })

  test.each([
    ['iso6346', 'CSQU305438'],
    ['iso6346', 'CSQX3054383'],
    ['iso6346', 'csqu3054383'],
    ['iso6346', 'CSQU30543833'],
    ['wagon1520', '6471235'],
    ['wagon1520', '6471235A'],
    ['wagonUic', '64712359'],
  ] as const)('%s %s has the wrong shape', (scheme, id) => {
    expect(isValidEquipmentId(scheme, id)).toBe(false)
  })

  it('takes every letter at its value: A is 10, K 21, U 32, Z 38', () => {
    // single letters at weight 1 in an otherwise constant number
    const digitOf = (owner: string) => [...'0123456789'].find((digit) => isValidEquipmentId('iso6346', `${owner}U000000${digit}`))
    const values = [10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 34, 35, 36, 37, 38]
    const expected = values.map((value) => String(((value + 10 * 2 + 10 * 4 + 32 * 8) % 11) % 10))
    expect([...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => digitOf(`${letter}AA`))).toEqual(expected)
  })

  it('is not asked of plates and other schemes', () => {
    expect(isValidEquipmentId('plate', '01A123BC')).toBe(true)
    expect(isValidEquipmentId('other', 'X999')).toBe(true)
  })
})

describe('the check digit of a station', () => {
  test.each(['708507', '663404', '553002', '558701', '572200', '723009', '562800', '730801', '877508', '571405'])('%s is right', (code) => {
    expect(isValidStationCode(code)).toBe(true)
  })

  test.each(['736501', '753009', '708508', '70850', '7085070', 'A08507'])('%s is wrong', (code) => {
    expect(isValidStationCode(code)).toBe(false)
  })
})

describe('the check digit of a ship', () => {
  it('is right for 9074729 and for nothing near it', () => {
    for (let digit = 0; digit < 10; digit++) expect(isValidImo(`907472${digit}`)).toBe(digit === 9)
    expect(isValidImo('907472')).toBe(false)
  })
})
