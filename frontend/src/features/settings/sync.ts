// Appearance and keys live in stores of their own so that they apply at once; this keeps them in the settings file, from
// where they come back in another window or browser.
import { api, type go } from '../../api';
import { useKeys } from '../../commands/bindings';
import { useAppearance } from '../../theme/appearance';

type Settings = go.SettingsOut['settings'];

/** How long changes are collected before they are kept: a held key changes the size of text many times. */
const pause = 400;

function appearanceNow(): Settings['appearance'] {
  const { theme, density, fontSize, reduceMotion } = useAppearance.getState();
  return { theme, density, font_size: fontSize, reduce_motion: reduceMotion };
}

function keyboardNow(): Settings['keyboard'] {
  const { overrides, letters } = useKeys.getState();
  const shortcuts = Object.entries(overrides).map(([command, keys]) => ({ command, keys: [...keys] }));
  return { letters, shortcuts };
}

/** take puts what the file says into the stores. */
function take({ appearance, keyboard }: Settings): void {
  const { theme, density, font_size: fontSize, reduce_motion: reduceMotion } = appearance;
  useAppearance.getState().set({
    theme: (['dark', 'light', 'contrast'] as const).find((name) => name === theme) ?? 'auto',
    density: density === 'comfortable' ? density : 'compact',
    fontSize,
    reduceMotion,
  });
  const { reset, bind, useLetters: setLetters } = useKeys.getState();
  reset();
  setLetters(keyboard.letters);
  for (const { command, keys } of keyboard.shortcuts) bind(command, keys);
}

// One keeper a section: saves what a store holds a moment after it changed, if it is not what the file has.
function keeper<S extends 'appearance' | 'keyboard'>(section: S, now: () => Settings[S], loaded: Settings) {
  let kept = JSON.stringify(loaded[section]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = async () => {
    const next = now();
    if (JSON.stringify(next) === kept) return;
    kept = JSON.stringify(next);
    try {
      await api.settings.Save({ section, settings: { ...loaded, [section]: next } });
    } catch {
      // the window keeps its copy; the settings screen says when the file cannot be written
    }
  };
  return () => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  };
}

/** syncSettings brings the stores in line with the settings file, and from then on the file with the stores. */
export function syncSettings(): () => void {
  let over = false;
  const stops: (() => void)[] = [];
  api.settings.Load({}).then(
    ({ settings }) => {
      if (over) return;
      take(settings);
      const appearance = keeper('appearance', appearanceNow, settings);
      const keyboard = keeper('keyboard', keyboardNow, settings);
      stops.push(useAppearance.subscribe(appearance), useKeys.subscribe(keyboard));
    },
    () => {}, // nothing to sync with: the settings screen says why
  );
  return () => {
    over = true;
    for (const stop of stops) stop();
  };
}
