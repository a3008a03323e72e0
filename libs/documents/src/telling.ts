import { Ajv2020 } from 'ajv/dist/2020.js'
import { bodyErrorOf, onePerPlace, tellingErrors, type BodyError } from './faults.js'
import { schemas } from './generated/schemas.js'
import { options, vocabulary } from './validate.js'

/** The validator of whatever people write: tells every error, and with its value. The log's stops at the first and keeps no values. */
const ajv = new Ajv2020({ ...options, allErrors: true, verbose: true })
ajv.addVocabulary(vocabulary)
for (const schema of Object.values(schemas)) ajv.addSchema(schema)

/** Compiles a schema, whose references to our documents are absolute, into a function that tells everything wrong with a value, one error a place. */
export function tellerOf(schema: object): (value: unknown) => readonly BodyError[] {
  const validator = ajv.compile(schema)
  return (value) => (validator(value) ? [] : onePerPlace(tellingErrors(validator.errors ?? [])).map(bodyErrorOf))
}
