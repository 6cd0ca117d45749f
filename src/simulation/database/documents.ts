/** Documents, filters and updates as MongoDB means them; whatever is not used by the service throws. */

export type StoredValue =
  | string
  | number
  | boolean
  | null
  | Date
  | readonly StoredValue[]
  | StoredDocument;
export interface StoredDocument {
  readonly [field: string]: StoredValue;
}
export type Filter = Readonly<Record<string, unknown>>;
export type Update = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** As the driver writes it: what is undefined is stored as null. Frozen, so that it can be handed out as it is. */
export function storedCopy(value: unknown): StoredValue {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'object' || value instanceof Date) return value as StoredValue;
  if (Array.isArray(value)) return Object.freeze(value.map(storedCopy));
  if (Object.isFrozen(value) && stored.has(value)) return value as StoredDocument;
  const copy: Record<string, StoredValue> = {};
  for (const [field, content] of Object.entries(value)) copy[field] = storedCopy(content);
  stored.add(copy);
  return Object.freeze(copy);
}

const stored = new WeakSet<object>();

export function fieldOf(document: StoredDocument, path: string): StoredValue | undefined {
  if (!path.includes('.')) return document[path];
  let current: StoredValue | undefined = document;
  for (const part of path.split('.')) {
    if (current === null || typeof current !== 'object') return undefined;
    current = (current as StoredDocument)[part];
  }
  return current;
}

/** @throws {Error} for an operator that the simulation does not know */
export function matches(document: StoredDocument, filter: Filter): boolean {
  for (const field in filter) {
    const condition = filter[field];
    if (field === '$and' || field === '$or') {
      const each = condition as readonly Filter[];
      const fits = (part: Filter) => matches(document, part);
      if (!(field === '$and' ? each.every(fits) : each.some(fits))) return false;
    } else if (field.startsWith('$')) {
      throw new Error(`the simulated database has no ${field}`);
    } else if (!fieldMatches(fieldOf(document, field), condition)) {
      return false;
    }
  }
  return true;
}

function fieldMatches(value: StoredValue | undefined, condition: unknown): boolean {
  if (condition === null || typeof condition !== 'object') return isSame(value, condition);
  return Object.entries(condition).every(([operator, operand]) =>
    operatorMatches(value, operator, operand),
  );
}

function operatorMatches(
  value: StoredValue | undefined,
  operator: string,
  operand: unknown,
): boolean {
  switch (operator) {
    case '$ne':
      return !isSame(value, operand);
    case '$in':
      return (operand as readonly unknown[]).some((each) => isSame(value, each));
    case '$lt':
    case '$lte':
    case '$gt':
    case '$gte': {
      const order = comparable(value, operand);
      if (order === null) return false;
      if (operator === '$lt') return order < 0;
      if (operator === '$lte') return order <= 0;
      return operator === '$gt' ? order > 0 : order >= 0;
    }
    default:
      throw new Error(`the simulated database has no ${operator}`);
  }
}

/** A field that is missing equals null. */
function isSame(value: StoredValue | undefined, operand: unknown): boolean {
  if (operand === null || operand === undefined) return value === null || value === undefined;
  return value === operand;
}

/** Only values of one type can be compared; `null` for others. */
function comparable(value: StoredValue | undefined, operand: unknown): number | null {
  if (typeof value !== typeof operand) return null;
  if (typeof value === 'string' || typeof value === 'number') {
    const other = operand as typeof value;
    if (value === other) return 0;
    return value < other ? -1 : 1;
  }
  return null;
}

/** @throws {Error} for an operator that the simulation does not know */
export function updated(
  document: StoredDocument,
  update: Update,
  isInserted = false,
): StoredDocument {
  const copy: Record<string, unknown> = { ...document };
  for (const [operator, fields] of Object.entries(update)) {
    for (const [field, operand] of Object.entries(fields)) {
      if (field.includes('.')) throw new Error('the simulated database sets whole fields only');
      applyOperator(copy, operator, { field, operand, isInserted });
    }
  }
  return storedCopy(copy) as StoredDocument;
}

function applyOperator(
  copy: Record<string, unknown>,
  operator: string,
  change: { readonly field: string; readonly operand: unknown; readonly isInserted: boolean },
): void {
  const { field, operand } = change;
  const current = copy[field];
  switch (operator) {
    case '$set':
      copy[field] = operand;
      return;
    case '$setOnInsert':
      if (change.isInserted) copy[field] = operand;
      return;
    case '$unset':
      delete copy[field];
      return;
    case '$inc':
      copy[field] = ((current as number | undefined) ?? 0) + (operand as number);
      return;
    case '$min':
    case '$max': {
      const isMissing = current === undefined;
      const order = isMissing ? 0 : (comparable(current as StoredValue, operand) ?? 0);
      if (isMissing || (operator === '$min' ? order > 0 : order < 0)) copy[field] = operand;
      return;
    }
    default:
      throw new Error(`the simulated database has no ${operator}`);
  }
}

/** Sorts as MongoDB does: what is missing or null comes first. */
export function sorted(
  documents: readonly StoredDocument[],
  sort: Readonly<Record<string, number>>,
): readonly StoredDocument[] {
  const keys = Object.entries(sort);
  return [...documents].sort((left, right) => {
    for (const [field, direction] of keys) {
      const order = compareForSort(fieldOf(left, field), fieldOf(right, field));
      if (order !== 0) return order * direction;
    }
    return 0;
  });
}

function compareForSort(left: StoredValue | undefined, right: StoredValue | undefined): number {
  const isLeftEmpty = left === undefined || left === null;
  const isRightEmpty = right === undefined || right === null;
  if (isLeftEmpty || isRightEmpty) return Number(isRightEmpty) - Number(isLeftEmpty);
  return comparable(left, right) ?? 0;
}
