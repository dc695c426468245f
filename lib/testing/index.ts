export { conformanceCases, registerConformance, type ConformanceCase, type TestFunction } from './conformance'
export type { ConformanceOptions, OptionalMethod } from './options'
