import { describe, expect, it } from '@jest/globals'
import { javaVersionIn } from './jars.js'

describe('the Java that is here', () => {
  it.each([
    ['java version "1.8.0_392"', 8],
    ['openjdk version "11.0.22" 2024-01-16', 11],
    ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', 17],
    ['openjdk version "25-ea" 2025-09-16', 25],
    ['Microsoft (R) build 7', undefined],
  ])('says its version: %j', (said, version) => {
    expect(javaVersionIn(said)).toBe(version)
  })
})
