import { judgingOrder, rules } from '#libs/consignment'

/** Every code a refusal may have: CHAIN shows as FORK or EARLY, RULE with the rule's own code. */
export const verdictCodes: ReadonlySet<string> = new Set([
  ...judgingOrder.filter((code) => code !== 'CHAIN' && code !== 'RULE'), 'FORK', 'EARLY',
  ...Object.keys(rules).map((code) => `RULE:${code}`),
])
