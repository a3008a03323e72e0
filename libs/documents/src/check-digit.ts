import type { TransportEquipment } from './generated/types.js'

export type EquipmentScheme = TransportEquipment['scheme']

/** Whether a container, wagon or trailer number is right by its own scheme; plates and other schemes have no check digit. */
export function isValidEquipmentId(scheme: EquipmentScheme, id: string): boolean {
  switch (scheme) {
    case 'iso6346': return /^[A-Z]{3}[UJZ][0-9]{7}$/.test(id) && containerDigit(id) === digitAt(id, 10)
    case 'wagon1520': return /^[0-9]{8}$/.test(id) && luhnDigit(id.slice(0, 7)) === digitAt(id, 7)
    case 'wagonUic': return /^[0-9]{12}$/.test(id) && luhnDigit(id.slice(0, 11)) === digitAt(id, 11)
    case 'plate':
    case 'other': return true
  }
}

/** Six-digit station code of the 1520 network (ESR): weights 1 to 5, again from 3 when the remainder is 10, and 0 when it is 10 again. */
export function isValidStationCode(code: string): boolean {
  if (!/^[0-9]{6}$/.test(code)) return false
  const remainder = (first: number) => weighted(code.slice(0, 5), (index) => first + index) % 11
  const once = remainder(1)
  return (once < 10 ? once : remainder(3) % 10) === digitAt(code, 5)
}

/** IMO ship number: weights 7 down to 2 over six digits, the last digit of the sum is the seventh. */
export function isValidImo(number: string): boolean {
  return /^[0-9]{7}$/.test(number) && weighted(number.slice(0, 6), (index) => 7 - index) % 10 === digitAt(number, 6)
}

/** ISO 6346 annex A: letters count 10 to 38 without the multiples of 11, weights are powers of two. */
function containerDigit(id: string): number {
  let sum = 0
  for (let index = 0; index < 10; index++) {
    const code = id.charCodeAt(index)
    const letter = code - 65 + 10 // A = 10; each multiple of 11 passed on the way is skipped
    sum += (code < 65 ? code - 48 : letter + Math.floor((letter - 1) / 10)) * 2 ** index
  }
  return (sum % 11) % 10
}

/** Both wagon schemes (8 digits in the 1520 area, 12 of UIC): 2, 1, 2 … from the left, digits of the products added, complement to ten. */
function luhnDigit(digits: string): number {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const product = digitAt(digits, index) * (index % 2 === 0 ? 2 : 1)
    sum += product > 9 ? product - 9 : product
  }
  return (10 - (sum % 10)) % 10
}

function weighted(digits: string, weightAt: (index: number) => number): number {
  let sum = 0
  for (let index = 0; index < digits.length; index++) sum += digitAt(digits, index) * weightAt(index)
  return sum
}

function digitAt(text: string, index: number): number {
  return text.charCodeAt(index) - 48
}
