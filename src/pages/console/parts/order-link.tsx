/** Address of the order's page. */
export function orderAddress(merchantOrderNo: string): string {
  return `/console/orders/${encodeURIComponent(merchantOrderNo)}`;
}

export function OrderLink({ merchantOrderNo }: { readonly merchantOrderNo: string }) {
  return (
    <a class="number" href={orderAddress(merchantOrderNo)}>
      {merchantOrderNo}
    </a>
  );
}
