import { Router } from 'express';
import type { SimulatorAppOptions } from './simulator-app.js';

export function createPageRouter(_options: SimulatorAppOptions): Router {
  return Router();
}
