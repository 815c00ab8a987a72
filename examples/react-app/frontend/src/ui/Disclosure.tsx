import { type ReactNode, useCallback, useEffect, useId, useRef, useState } from "react";

interface Props {
  label: ReactNode;
  className?: string;
  children(close: () => void): ReactNode;
}

/** A button with a panel below it. Escape and a click elsewhere close it. */
export function Disclosure({ label, className = "button", children }: Props) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const close = useCallback(() => {
    setOpen(false);
    document.getElementById(`${id}-button`)?.focus();
  }, [id]);
  useEffect(() => {
    if (!open) return;
    const onPointer = (event: PointerEvent) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape") close();
    };
    document.addEventListener("pointerdown", onPointer);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", onPointer);
      document.removeEventListener("keydown", onKey);
    };
  }, [open, close]);
  return (
    <div className="disclosure" ref={box}>
      <button
        id={`${id}-button`}
        type="button"
        className={className}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {label}
      </button>
      <div id={id} className="panel" hidden={!open}>
        {open && children(close)}
      </div>
    </div>
  );
}
