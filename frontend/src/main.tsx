import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
import './theme/base.css';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Frame } from './frame/Frame';
import { ThemeProvider } from './theme/ThemeProvider';

// Commands are few and light: all are known from the start, so that the palette and the ? sheet are complete.
import.meta.glob('./features/*/commands.ts', { eager: true });

const queries = new QueryClient({
  defaultOptions: {
    queries: { networkMode: 'always', retry: false, refetchOnWindowFocus: false },
    mutations: { networkMode: 'always', retry: false },
  },
});

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <ThemeProvider>
          <Notifications position="bottom-right" limit={4} />
          <Frame />
        </ThemeProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
