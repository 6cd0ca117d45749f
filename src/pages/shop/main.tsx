import { render } from 'preact';
import '../shared/theme.css';

const page = document.getElementById('page');
if (page !== null)
  render(
    <main class="container">
      <h1>Demo shop</h1>
    </main>,
    page,
  );
