// What the gallery shows. A feature is in it with its screen, which meets every state through the Go side of side.ts, and
// with those parts that a screen shows only after a click.
import { Button, Menu } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import { type ComponentType, lazy, type ReactNode, useLayoutEffect, useState } from 'react';
import { ExportForm } from '../features/actions/Dialogs';
import { NoteEditor, TagEditor } from '../features/actions/editors';
import { MenuItems } from '../features/actions/MenuItems';
import { ExchangeDetail } from '../features/exchange/ExchangeDetail';
import { Detail as FindingDetail } from '../features/findings/Detail';
import { AssetDetail } from '../features/inventory/AssetDetail';
import { EndpointDetail } from '../features/inventory/EndpointDetail';
import { Detail as ModelDetail } from '../features/models/Detail';
import { Came } from '../features/models/Result';
import { modelResult, modelRow } from '../features/models/testing';
import { Approvals } from '../features/policies/Approvals';
import { Editor } from '../features/policies/Editor';
import { GuardPill } from '../features/policies/GuardPill';
import { Presets } from '../features/policies/Presets';
import { policyForm, policyRow } from '../features/policies/testing';
import { About } from '../features/settings/About';
import { Appearance } from '../features/settings/Appearance';
import { Capture } from '../features/settings/Capture';
import { Certificate } from '../features/settings/Certificate';
import { Data } from '../features/settings/Data';
import { Privacy } from '../features/settings/Privacy';
import { Shortcuts } from '../features/settings/Shortcuts';
import { useSettings } from '../features/settings/useSettings';
import { CaseDetail } from '../features/tests/CaseDetail';
import { TemplateDetail } from '../features/tests/TemplateDetail';
import { TemplateText } from '../features/tests/TemplateText';
import { ActorDetail } from '../features/threats/ActorDetail';
import { Detail as ThreatDetail } from '../features/threats/Detail';
import { useNav } from '../frame/nav';
import { Copy, EmptyState, ErrorState, Loading } from '../frame/ui';
import { Visible } from '../theme/Visible';
import { type State, textOf } from './states';

export interface Story {
  id: string;
  title: string;
  /** looks the same in every state: one is enough */
  still?: boolean;
  show(state: State): ReactNode;
}

const screen = (load: () => Promise<{ default: ComponentType }>) => {
  const Screen = lazy(load);
  return () => <Screen />;
};

function WithSettings({ part }: { part: (hold: ReturnType<typeof useSettings>) => ReactNode }) {
  const hold = useSettings();
  if (hold.isPending) return <Loading />;
  return hold.error ? <ErrorState error={hold.error} /> : part(hold);
}

// A screen at a place: what its params are.
function At({ params, children }: { params: Record<string, string>; children: ReactNode }) {
  const [there, setThere] = useState(false);
  useLayoutEffect(() => {
    useNav.setState({ params });
    setThere(true);
  }, [params]);
  return there && children;
}

const placed = (params: Record<string, string>, load: () => Promise<{ default: ComponentType }>) => {
  const show = screen(load);
  return () => <At params={params}>{show()}</At>;
};

const ids = (state: State) =>
  state === 'many' ? Array.from({ length: 500 }, (_, n) => String(n + 1)) : ['1'];

function OpenMenu({ state }: { state: State }) {
  return (
    <Menu opened withinPortal={false} trapFocus={false}>
      <Menu.Target>
        <Button variant="default">…</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <MenuItems ids={state === 'empty' ? [] : ids(state)} inList onAsk={() => {}} />
      </Menu.Dropdown>
    </Menu>
  );
}

export const stories: Story[] = [
  {
    id: 'ui.text',
    title: 'Frame: hostile text made visible',
    show: (state) => (
      <p>
        <Visible text={textOf(state)} />
      </p>
    ),
  },
  {
    id: 'ui.empty',
    title: 'Frame: nothing here',
    show: (state) => (
      <EmptyState
        icon={<IconInbox size={40} />}
        title={textOf(state).slice(0, 60)}
        text={<Visible text={textOf(state)} />}
        actions={<Button>{textOf(state).slice(0, 30)}</Button>}
      />
    ),
  },
  {
    id: 'ui.error',
    title: 'Frame: what went wrong',
    show: (state) => <ErrorState error={new Error(textOf(state))} onRetry={() => {}} />,
  },
  { id: 'ui.loading', still: true, title: 'Frame: on its way', show: () => <Loading rows={6} /> },
  {
    id: 'ui.copy',
    title: 'Frame: copy',
    show: (state) => (
      <>
        <Copy text={textOf(state)} /> <Copy text={textOf(state)} label={textOf(state).slice(0, 40)} />
      </>
    ),
  },
  { id: 'actions.menu', title: 'Actions: the menu', show: (state) => <OpenMenu state={state} /> },
  {
    id: 'actions.tags',
    title: 'Actions: tags',
    show: (state) => (
      <TagEditor ids={ids(state)} now={state === 'empty' ? [] : [textOf(state)]} onDone={() => {}} />
    ),
  },
  {
    id: 'actions.note',
    title: 'Actions: note',
    show: (state) => (
      <NoteEditor ids={ids(state)} now={state === 'empty' ? '' : textOf(state)} onDone={() => {}} />
    ),
  },
  {
    id: 'actions.export',
    title: 'Actions: export',
    show: (state) => <ExportForm ids={state === 'empty' ? [] : ids(state)} onDone={() => {}} />,
  },
  {
    id: 'settings.capture',
    title: 'Settings: capture',
    show: () => <WithSettings part={(hold) => <Capture hold={hold} />} />,
  },
  { id: 'settings.certificate', still: true, title: 'Settings: certificate', show: () => <Certificate /> },
  { id: 'settings.appearance', still: true, title: 'Settings: appearance', show: () => <Appearance /> },
  { id: 'settings.shortcuts', still: true, title: 'Settings: shortcuts', show: () => <Shortcuts /> },
  { id: 'settings.privacy', still: true, title: 'Settings: privacy', show: () => <Privacy /> },
  {
    id: 'settings.data',
    title: 'Settings: data',
    show: () => <WithSettings part={(hold) => <Data hold={hold} />} />,
  },
  { id: 'settings.about', title: 'Settings: about', show: () => <About /> },
  ...(['chat', 'headers', 'timing'] as const).map((view) => ({
    id: `exchange.${view}`,
    title: `Exchange: ${view}`,
    show: () => <ExchangeDetail id="1" view={view} onView={() => {}} />,
  })),
  {
    id: 'screen.settings',
    title: 'Screen: settings',
    show: screen(() => import('../features/settings/Screen')),
  },
  {
    id: 'screen.traffic',
    title: 'Screen: traffic',
    show: screen(() => import('../features/traffic/Screen')),
  },
  { id: 'screen.setup', title: 'Screen: setup', show: screen(() => import('../features/setup/Screen')) },
  ...(['overview', 'coverage', 'requirements', 'score'] as const).map((tab) => ({
    id: `screen.home.${tab}`,
    title: `Screen: home, ${tab}`,
    show: placed({ tab }, () => import('../features/home/Screen')),
  })),
  {
    id: 'screen.repeater',
    title: 'Screen: repeater',
    show: placed({ tab: '1' }, () => import('../features/repeater/Screen')),
  },
  {
    id: 'screen.diff',
    title: 'Screen: diff',
    show: placed({ a: '1', b: '2' }, () => import('../features/diff/Screen')),
  },
  ...(['endpoints', 'assets', 'sensitive', 'changes', 'map'] as const).map((tab) => ({
    id: `inventory.${tab}`,
    title: `Inventory: ${tab}`,
    show: placed({ tab, endpoint: '', asset: '', node: '1' }, () => import('../features/inventory/Screen')),
  })),
  ...(['library', 'plan', 'runs'] as const).map((tab) => ({
    id: `tests.${tab}`,
    title: `Tests: ${tab}`,
    show: placed(
      { tab, template: '', run: '', target: tab === 'plan' ? 'model:1' : '' },
      () => import('../features/tests/Screen'),
    ),
  })),
  ...(['cases', 'template', 'heat', 'errors', 'compare'] as const).map((look) => ({
    id: `tests.run.${look}`,
    title: `Tests: a run, ${look}`,
    show: placed({ tab: 'runs', run: '1', look, before: '2' }, () => import('../features/tests/Screen')),
  })),
  {
    id: 'tests.template',
    title: 'Tests: a template',
    show: () => <TemplateDetail id="template-0" onClose={() => {}} />,
  },
  {
    id: 'tests.text',
    title: 'Tests: a template of one’s own',
    show: (state) => <TemplateText file="one.yaml" text={textOf(state)} own />,
  },
  {
    id: 'tests.case',
    title: 'Tests: a case',
    show: () => <CaseDetail run="1" n={1} onClose={() => {}} />,
  },
  {
    id: 'screen.models',
    title: 'Screen: models',
    show: placed({ tab: 'models', model: '1' }, () => import('../features/models/Screen')),
  },
  {
    id: 'screen.models.import',
    title: 'Screen: a model is added',
    show: placed({ add: 'custom' }, () => import('../features/models/Screen')),
  },
  {
    id: 'screen.models.roles',
    title: 'Screen: roles',
    show: placed({ tab: 'roles' }, () => import('../features/models/Screen')),
  },
  {
    id: 'models.detail',
    title: 'Models: a model',
    show: (state) => (
      <ModelDetail row={modelRow('1', { name: textOf(state), host: textOf(state) })} onClose={() => {}} />
    ),
  },
  {
    id: 'models.answered',
    title: 'Models: it answered',
    show: (state) => (
      <Came
        result={modelResult({
          name: textOf(state),
          answer: textOf(state),
          candidates: [{ pointer: `/${textOf(state)}`, text: textOf(state) }],
        })}
        onChoose={() => {}}
      />
    ),
  },
  {
    id: 'models.failed',
    title: 'Models: it did not answer',
    show: (state) => (
      <Came
        result={modelResult({
          id: '',
          status: 'failed',
          code: 'unauthorized',
          http_status: 401,
          error: textOf(state),
          cause: textOf(state),
          fix: textOf(state),
        })}
        onAgain={() => {}}
        onChoose={() => {}}
      />
    ),
  },
  {
    id: 'screen.findings',
    title: 'Screen: findings',
    show: placed({ tab: 'tests', finding: '' }, () => import('../features/findings/Screen')),
  },
  {
    id: 'findings.detail',
    title: 'Findings: a finding',
    show: () => <FindingDetail id="1" onClose={() => {}} />,
  },
  ...(['threats', 'actors', 'rules'] as const).map((look) => ({
    id: `watch.${look}`,
    title: `Watch: ${look}`,
    show: placed(
      { tab: 'watch', threat: '', actor: '', rule: look === 'rules' ? 'rule-0' : '', look },
      () => import('../features/findings/Screen'),
    ),
  })),
  {
    id: 'watch.threat',
    title: 'Watch: a threat',
    show: () => <ThreatDetail id="1" onClose={() => {}} />,
  },
  {
    id: 'watch.actor',
    title: 'Watch: an actor',
    show: () => <ActorDetail actor="key:1" onClose={() => {}} />,
  },
  ...(['policies', 'preview', 'check', 'rulings', 'outlets'] as const).map((tab) => ({
    id: `screen.policies.${tab}`,
    title: `Screen: policies, ${tab}`,
    show: placed({ tab }, () => import('../features/policies/Screen')),
  })),
  ...(['preview', 'hidden', 'made'] as const).map((tab) => ({
    id: `screen.reports.${tab}`,
    title: `Screen: reports, ${tab}`,
    show: placed({ tab }, () => import('../features/reports/Screen')),
  })),
  {
    id: 'policies.editor',
    title: 'Policies: a policy',
    show: (state) => {
      const form = policyForm({
        name: textOf(state),
        where: textOf(state),
        tools: [textOf(state)],
        action: 'approve',
      });
      return <Editor form={form} row={policyRow('1', form)} onClose={() => {}} />;
    },
  },
  { id: 'policies.presets', title: 'Policies: presets', show: () => <Presets /> },
  {
    id: 'policies.approvals',
    title: 'Policies: what waits, in the frame',
    show: () => (
      <div>
        <GuardPill />
        <Approvals />
      </div>
    ),
  },
  {
    id: 'inventory.endpoint',
    title: 'Inventory: an endpoint',
    show: () => <EndpointDetail id="1" onClose={() => {}} />,
  },
  {
    id: 'inventory.asset',
    title: 'Inventory: an asset',
    show: () => <AssetDetail id="1" onClose={() => {}} />,
  },
];
