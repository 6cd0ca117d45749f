import { render } from 'preact';
import '../shared/theme.css';

const page = document.getElementById('page');
if (page !== null)
  render(
    <main class="container">
      <h1>Payments console</h1>
    </main>,
    page,
  );
