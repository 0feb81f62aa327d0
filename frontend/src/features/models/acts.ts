// What a person does with models. Nothing here throws: what went wrong is said.
import { api, type go } from '../../api';
import { useNav } from '../../frame/nav';
import { notifyUndo } from '../../frame/notify';
import { t } from '../../i18n';
import { tried } from '../actions/act';
import { closeImport, emptyForm, useModelsScreen, type Way } from './store';

/** testModel goes to the plan of a test of a model. */
export function testModel(id: string): void {
  useNav.getState().go('tests', { target: `model:${id}` });
}

/** openRun shows a run. */
export function openRun(id: string): void {
  useNav.getState().go('tests', { tab: 'runs', run: id });
}

/** openFindings shows the findings of a model. */
export function openFindings(id: string): void {
  useNav.getState().go('findings', { target: `model:${id}` });
}

/** openModel shows a model in the list. */
export function openModel(id: string): void {
  closeImport();
  useModelsScreen.setState({ tab: 'models', open: id });
}

/** removeModel forgets a model; it can be brought back. */
export function removeModel(row: go.ModelRow, renew: () => Promise<void>): Promise<void> {
  return tried(async () => {
    let { token } = await api.models.Remove({ id: row.id });
    const gone = async () => {
      if (useModelsScreen.getState().open === row.id) useModelsScreen.setState({ open: '' });
      await renew();
    };
    await gone();
    notifyUndo(
      t('models.removed', { name: row.name }),
      async () => {
        await api.models.Restore({ token });
        await renew();
      },
      async () => {
        ({ token } = await api.models.Remove({ id: row.id }));
        await gone();
      },
    );
  });
}

/** formFor is what is sent of a form for a way: what another way asked for is left out. */
export function formFor(way: Way, form: go.ModelForm): go.ModelForm {
  const common = {
    ...emptyForm,
    name: form.name,
    key: form.key,
    keep: form.keep,
    role: form.role,
    slot: form.slot,
    answer: form.answer,
    patience: form.patience,
    no_try: form.no_try,
  };
  switch (way) {
    case 'provider':
    case 'local':
      return { ...common, provider: form.provider, url: form.url, model: form.model, auth: form.auth };
    case 'custom':
      return {
        ...common,
        provider: 'custom',
        url: form.url,
        method: form.method,
        headers: form.headers,
        body: form.body,
        auth: form.auth,
        model: form.model,
      };
    case 'request':
      return {
        ...common,
        from: 'text',
        text: form.text,
        form: form.form,
        nth: form.nth,
        url: form.url,
        auth: form.auth,
      };
    case 'discovered':
      return { ...common, from: form.from, recorded: form.recorded, auth: form.auth };
  }
}

let latest = 0;

/** submit asks the model one harmless question and keeps it when it answers. What came of it stands beside the form. */
export async function submit(renew: () => Promise<void>, change: Partial<go.ModelForm> = {}): Promise<void> {
  const mine = ++latest;
  const { way, form } = useModelsScreen.getState();
  useModelsScreen.setState({ outcome: {} });
  const show = (outcome: { result?: go.ModelResult; error?: unknown }) => {
    if (mine === latest && useModelsScreen.getState().outcome) useModelsScreen.setState({ outcome });
  };
  try {
    const result = await api.models.Add({ ...formFor(way, form), ...change });
    if (result.id) {
      useModelsScreen.setState((now) => ({ form: { ...now.form, key: '' } })); // never shown again
      await renew();
    }
    show({ result });
  } catch (error) {
    show({ error });
  }
}

/** cancel ends what is being asked. */
export function cancel(): Promise<void> {
  return tried(async () => void (await api.models.Cancel({})));
}

/** chooseAnswer says which text of the answer is what was said: kept where the model is, tried anew where it is not. */
export async function chooseAnswer(
  result: go.ModelResult,
  candidate: go.ModelCandidate,
  renew: () => Promise<void>,
): Promise<void> {
  if (!result.id) return submit(renew, { answer: candidate.pointer });
  return tried(async () => {
    await api.models.SetAnswer({ id: result.id, pointer: candidate.pointer, text: candidate.text });
    useModelsScreen.setState({
      outcome: { result: { ...result, answer: candidate.text, answer_path: candidate.pointer } },
    });
    await renew();
  });
}
