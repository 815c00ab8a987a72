import {
  createContext,
  createElement,
  type Context as ReactContext,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
} from "react";
import {
  configure,
  type Params,
  type Registration,
  type RegistrationOptions,
  registerContext,
} from "./index.js";

/** What a provider may be given beside the context's params. Times are in milliseconds. */
export interface ProviderOptions {
  /** Whether to fetch, and to keep up to date. What is known already is shown all the same. Default true. */
  readonly enabled?: boolean | undefined;
  /** A younger value is not fetched again because the page is visible or online again. Default 0. */
  readonly staleTime?: number | undefined;
  /** Fetch again when the value is as old as this, while somebody can see it. Default 0: do not. */
  readonly refetchInterval?: number | undefined;
  readonly children?: ReactNode;
}

/** A component inside of which the hooks of a context read it. */
export type ContextProvider<P> = (props: P & ProviderOptions) => ReactElement;

/** A context of the server, as generated code hands it to the hooks. */
export interface Context<P, D> {
  readonly Provider: ContextProvider<P>;
  readonly name: string;
  /** What the provider gives to the hooks inside it. */
  readonly registered: ReactContext<Registration<D> | undefined>;
}

/** What to show of a context until the server's word is there: each member is made of the one that is there. */
export interface ContextPatch<N extends string, P, D> {
  readonly context: N;
  /** Only the contexts with these params. Without, every one of that name. */
  readonly params?: Partial<P>;
  readonly update: { readonly [K in keyof D]?: (value: Exclude<D[K], undefined>) => D[K] };
}

/** How a server begins with what it has for the present request. */
export const Rendering = /* @__PURE__ */ createContext<
  (<T>(registration: Registration<T>) => Registration<T>) | undefined
>(undefined);

/** One provider for a context of the server, and what it is called. Params are the provider's props. */
export function defineContext<P extends object, D extends object>(
  name: string,
  params: readonly (keyof P & string)[],
  schema: string,
  provider: string,
): Context<P, D> {
  configure({ schema });
  const registered = createContext<Registration<D> | undefined>(undefined);
  registered.displayName = provider;

  function Provider(props: P & ProviderOptions): ReactElement {
    const { enabled, staleTime, refetchInterval, children } = props;
    const render = useContext(Rendering);
    const own = params.map((param) => [param, props[param]]);
    // biome-ignore lint/correctness/useExhaustiveDependencies: a provider has always as many params
    const registration = useMemo(() => {
      const registration = registerContext<D>(
        name,
        Object.fromEntries(own) as Params,
        { enabled, staleTime, refetchInterval } as RegistrationOptions,
      );
      return render ? render(registration) : registration;
    }, [...own.flat(), enabled, staleTime, refetchInterval, render]);
    // A context that is provided is kept up to date, whoever reads it.
    useEffect(() => registration.subscribe(() => {}), [registration]);
    return createElement(registered.Provider, { value: registration }, children);
  }

  return { Provider, name, registered };
}
