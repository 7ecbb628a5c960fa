/** One property of one object that differs between two catalogs. */
export interface Difference {
  /** `table public.users`, `function public.total(integer)`. */
  object: string;
  /** `exists`, `owner`, `column email default`... */
  property: string;
  /** null: not there before. */
  before: string | null;
  /** null: not there after. */
  after: string | null;
  /** `order`: only the position; `text`: only white space, case or comments of a routine's body; else `structure`. */
  kind: 'order' | 'text' | 'structure';
}
