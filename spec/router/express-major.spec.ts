import express from 'express'
import { version } from 'express/package.json'

/** Set by the jest project, see package.json. */
declare const expressMajor: number

describe('the express that the specs of this project load', () => {
  test('is of the major the project is named after', () => {
    expect(version).toMatch(new RegExp(`^${expressMajor}\\.`))
  })

  test('is the package whose version was read', () => {
    // Express 4 has app.del(), Express 5 removed it.
    expect('del' in express()).toBe(expressMajor === 4)
  })
})
