/** Tells what is wrong with a member. Never with its value, which may be secret. */
export type Report = (member: string, sentence: string) => void

/** One object of the configuration. Where a member is wrong, it is reported and an empty value goes on, so that all problems come to light. */
export class ConfigReading {
  constructor(
    private readonly value: unknown,
    private readonly place: string,
    private readonly report: Report,
  ) {}

  get isThere(): boolean {
    return this.value !== undefined
  }

  at(name: string): ConfigReading {
    return new ConfigReading(this.member(name), this.nameOf(name), this.report)
  }

  /** For what is wrong with a member beside another one. */
  refuse(name: string, sentence: string): void {
    this.report(this.nameOf(name), sentence)
  }

  text(name: string, pattern = /./, wanted = 'a text', otherwise?: string): string {
    const value = this.member(name) ?? otherwise
    return typeof value === 'string' && pattern.test(value) ? value : this.miss(name, wanted, nothing)
  }

  integer(name: string, least: number, most: number, otherwise?: number): number {
    const value = this.member(name) ?? otherwise
    const number = typeof value === 'string' && /^[0-9]{1,9}$/.test(value) ? Number(value) : value
    const fits = typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most
    return fits ? number : this.miss(name, `an integer from ${least} to ${most}`, 0)
  }

  flag(name: string): boolean {
    const value = this.member(name) ?? false
    return typeof value === 'boolean' ? value : value === 'true' || (value === 'false' ? false : this.miss(name, 'true or false', false))
  }

  url(name: string, protocols: readonly string[]): string {
    const value = this.member(name)
    const isUrl = typeof value === 'string' && URL.canParse(value) && protocols.includes(new URL(value).protocol)
    return isUrl ? value.replace(/\/$/, '') : this.miss(name, `an address (${protocols.join(' or ')}//…)`, nothing)
  }

  texts(name: string, isOne: (text: string) => boolean, wanted: string): readonly string[] {
    const value = this.member(name)
    const fits = Array.isArray(value) && value.length > 0 && value.every((item): item is string => typeof item === 'string' && isOne(item))
    return fits ? value : this.miss(name, wanted, [])
  }

  list(name: string): readonly ConfigReading[] {
    const value = this.member(name)
    if (!Array.isArray(value) || value.length === 0) return this.miss(name, 'a list with one member at least', [])
    return value.map((item, index) => new ConfigReading(item, `${this.nameOf(name)}[${index}]`, this.report))
  }

  private member(name: string): unknown {
    return typeof this.value === 'object' && this.value !== null ? (this.value as Readonly<Record<string, unknown>>)[name] : undefined
  }

  private miss<T>(name: string, wanted: string, instead: T): T {
    this.report(this.nameOf(name), `must be ${wanted}`)
    return instead
  }

  private nameOf(name: string): string {
    return this.place === '' ? name : `${this.place}.${name}`
  }
}

const nothing = ''
