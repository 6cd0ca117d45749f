import type { Alias, Plugin } from 'vite';

export const simulationAliases: Alias[];
export function simulationMutations(): Plugin;
