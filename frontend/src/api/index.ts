// The only place that touches Wails: every call to Go, the one event, and the bytes of bodies.
import * as ActionsGo from '../wailsjs/go/window/Actions';
import * as CertificateGo from '../wailsjs/go/window/Certificate';
import * as DiffGo from '../wailsjs/go/window/Diff';
import * as ExchangeGo from '../wailsjs/go/window/Exchange';
import * as FindingsGo from '../wailsjs/go/window/Findings';
import * as HomeGo from '../wailsjs/go/window/Home';
import * as InventoryGo from '../wailsjs/go/window/Inventory';
import * as ModelsGo from '../wailsjs/go/window/Models';
import * as PoliciesGo from '../wailsjs/go/window/Policies';
import * as RepeaterGo from '../wailsjs/go/window/Repeater';
import * as ReportsGo from '../wailsjs/go/window/Reports';
import * as SessionGo from '../wailsjs/go/window/Session';
import * as SettingsGo from '../wailsjs/go/window/Settings';
import * as SetupGo from '../wailsjs/go/window/Setup';
import * as TestsGo from '../wailsjs/go/window/Tests';
import * as ThreatsGo from '../wailsjs/go/window/Threats';
import * as TrafficGo from '../wailsjs/go/window/Traffic';
import { ApiError } from './error';

export type { window as go } from '../wailsjs/go/models';
export { ApiError } from './error';
export { onMenu } from './menu';
export { onPulse, type Pulse } from './pulse';
export { raw, upload } from './raw';

type Method = (input: never) => Promise<unknown>;

// wrap makes every method of a bound struct fail with an ApiError that says what to do.
function wrap<T extends object>(bound: T): T {
  const wrapped: Record<string, unknown> = {};
  for (const [name, method] of Object.entries(bound) as [string, Method][]) {
    wrapped[name] = async (input: never) => {
      try {
        return await method(input);
      } catch (reason) {
        throw ApiError.from(reason);
      }
    };
  }
  return wrapped as T;
}

export const api = {
  actions: wrap(ActionsGo),
  certificate: wrap(CertificateGo),
  diff: wrap(DiffGo),
  exchange: wrap(ExchangeGo),
  findings: wrap(FindingsGo),
  home: wrap(HomeGo),
  inventory: wrap(InventoryGo),
  models: wrap(ModelsGo),
  policies: wrap(PoliciesGo),
  repeater: wrap(RepeaterGo),
  reports: wrap(ReportsGo),
  session: wrap(SessionGo),
  settings: wrap(SettingsGo),
  setup: wrap(SetupGo),
  tests: wrap(TestsGo),
  threats: wrap(ThreatsGo),
  traffic: wrap(TrafficGo),
};
