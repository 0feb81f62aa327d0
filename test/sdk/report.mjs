// Prints what an SDK received, one JSON line per call; test/e2e compares it with what the proxy recorded.
export function report(call) {
  process.stdout.write(JSON.stringify(call) + '\n')
}

// The tool that programs offer, in JSON Schema.
export const weather = {
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
    required: ['city'],
  },
}

// Without BASE_URL an SDK talks to its own service.
export const baseURL = process.env.BASE_URL
export const apiKey = process.env.API_KEY ?? 'sk-lab-0123456789'
