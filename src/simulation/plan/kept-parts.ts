/** A plan without some of its parts: how failing seeds are made smaller. */
import type { SimulationPlan } from './simulation-plan.js';

/** Ids of all parts of a plan; faults of edges have ids of their own. */
export function partsOf(plan: SimulationPlan): readonly string[] {
  return [
    ...plan.orders.map(({ id }) => id),
    ...plan.orders.flatMap(({ actions }) => actions.map(({ id }) => id)),
    ...plan.outages.map(({ id }) => id),
  ];
}

/** @param kept ids; `null` for all */
export function keptPlan(plan: SimulationPlan, kept: ReadonlySet<string> | null): SimulationPlan {
  if (kept === null) return plan;
  const isKept = ({ id }: { readonly id: string }) => kept.has(id);
  return {
    ...plan,
    orders: plan.orders
      .filter(isKept)
      .map((order) => ({ ...order, actions: order.actions.filter(isKept) })),
    outages: plan.outages.filter(isKept),
  };
}
