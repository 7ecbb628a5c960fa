import { columnCases } from './column-cases';
import { constraintCases } from './constraint-cases';
import { dataCases } from './data-cases';
import { indexCases } from './index-cases';
import { routineCases } from './routine-cases';
import { severalCases } from './several-cases';
import { severalInTurnCases } from './several-in-turn-cases';
import { sqlCases } from './sql-cases';
import { tableCases } from './table-cases';
import { typeCases } from './type-cases';
import { viewCases } from './view-cases';
import type { NamedCase } from './recipe-case';

/** Every case of every recipe. */
export const recipeCases: NamedCase[] = [
  ...columnCases,
  ...constraintCases,
  ...indexCases,
  ...tableCases,
  ...typeCases,
  ...viewCases,
  ...routineCases,
  ...dataCases,
  ...sqlCases,
  ...severalCases,
  ...severalInTurnCases,
];
