export default function Screen() {
  return <main>setup</main>;
}
