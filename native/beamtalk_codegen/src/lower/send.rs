use beamtalk_ast::{Expr as Ast, ExprKind, Link, Message};
use beamtalk_core_erlang::{Clause, Expr, Line, Lit};
use beamtalk_semantic::{Kind, control};
use beamtalk_source::Span;

use super::expr::class_object;
use super::{Exited, Lower, Lowered, bif, nil};
use crate::names::method_function;
use crate::runtime;

/// Arguments of an inlined `value…`.
const MAX_VALUE_ARGS: usize = 3;

/// Messages that raise an exception.
const RAISING: [&str; 6] = [
    "error:",
    "signal",
    "signal:",
    "signalKind:class:selector:hint:",
    "subclassResponsibility",
    "notImplemented",
];

/// Who receives a message.
#[derive(Clone)]
enum Receiver {
    /// Any object.
    Object(Expr),
    /// `self`.
    Own(Expr),
    /// `super`: the module where the search begins, and the object.
    Super(String, Expr),
    /// The superclass of a class that is made of blocks; the receiver is a parameter.
    BuiltSuper(Expr),
    /// A class that is known now.
    Class(String),
    /// A Character: at run time it is an Integer, so only here its class is known.
    Character(Expr),
}

impl<'a> Lower<'a, '_> {
    /// Each message goes to the result of the one before.
    pub(super) fn chain(&mut self, head: &'a Ast, links: &'a [Link]) -> Lowered {
        let Some((first, rest)) = links.split_first() else {
            return self.expr(head);
        };
        let mut value = if let Some(inlined) = control(Some(head), &first.message) {
            self.control(Some(head), None, &inlined, first)?
        } else if let Some(module) = self.delegates(head, first) {
            self.delegate(module, first)?
        } else {
            let receiver = self.receiver_of(head)?;
            self.send(&receiver, first)?
        };
        let mut is_character = makes_character(head, first);
        for link in rest {
            self.count(1)?;
            value = match control(None, &link.message) {
                Some(inlined) => self.control(None, Some(value), &inlined, link)?,
                None if is_character => self.send(&Receiver::Character(value), link)?,
                None => self.send(&Receiver::Object(value), link)?,
            };
            is_character = false;
        }
        Ok(value)
    }

    /// The Erlang module that `self delegate` stands for here.
    fn delegates(&self, head: &Ast, link: &Link) -> Option<&'a str> {
        let class = self.class?;
        let is_delegate = matches!(head.kind, ExprKind::SelfRef)
            && link.message.selector() == "delegate"
            && !class.defines("delegate", self.class_side);
        class.native.as_deref().filter(|_| is_delegate)
    }

    /// Selector and parameters of the method go to the Erlang module: to its process for an actor, else to the function
    /// of that name.
    fn delegate(&mut self, module: &str, link: &Link) -> Lowered {
        let line = self.line(link.span);
        let selector = self.selector.clone();
        let span = link.span.shift(self.base);
        let selector = Expr::atom(self.names.atom(&selector, span));
        let is_actor = self.class.is_some_and(|class| class.kind == Kind::Actor);
        let receiver = (!self.class_side).then(|| self.receiver.clone());
        if is_actor && let Some(receiver) = receiver {
            let args = Expr::list(self.params.clone());
            return self.call(line, runtime::DELEGATE, vec![receiver, selector, args]);
        }
        let module = Expr::atom(self.names.atom(module, span));
        let args = receiver.into_iter().chain(self.params.iter().cloned());
        let args = Expr::list(args.collect());
        self.call(line, runtime::NATIVE, vec![module, selector, args])
    }

    pub(super) fn cascade(&mut self, receiver: &'a Ast, links: &'a [Link]) -> Lowered {
        let receiver = self.receiver_of(receiver)?;
        let mut value = nil();
        for link in links {
            self.count(1)?;
            value = self.send(&receiver, link)?;
        }
        Ok(value)
    }

    /// `receiver message!`: only the outermost send is a cast.
    pub(super) fn cast(&mut self, expr: &'a Ast) -> Lowered {
        let ExprKind::Chain(head, links) = &expr.kind else {
            return self.expr(expr);
        };
        let Some((last, before)) = links.split_last() else {
            return self.expr(expr);
        };
        let receiver = if before.is_empty() {
            self.expr(head)?
        } else {
            self.chain(head, before)?
        };
        let args = self.arguments(&last.message)?;
        let selector = self.selector(&last.message);
        self.call(
            self.line(last.span),
            runtime::CAST,
            vec![receiver, selector, Expr::list(args)],
        )?;
        Ok(nil())
    }

    fn receiver_of(&mut self, head: &'a Ast) -> Result<Receiver, Exited> {
        match &head.kind {
            ExprKind::Paren(inner) => self.receiver_of(inner),
            // Where `self` is a variable, it may be another object.
            ExprKind::SelfRef if self.var_at(head.span).is_none() => {
                Ok(Receiver::Own(self.expr(head)?))
            }
            ExprKind::Character(_) => Ok(Receiver::Character(self.expr(head)?)),
            ExprKind::Chain(inner, links) if matches!(links.as_slice(), [link] if makes_character(inner, link)) => {
                Ok(Receiver::Character(self.expr(head)?))
            }
            ExprKind::ClassRef(name)
                if name.name.text == "Erlang" || self.global(name).is_some() =>
            {
                Ok(Receiver::Object(self.class_ref(name)?))
            }
            ExprKind::Super if self.is_receiver_parameter(head.span) => {
                Ok(Receiver::BuiltSuper(self.read_variable(head.span)?))
            }
            ExprKind::Super => {
                let superclass = self.class.and_then(|class| class.superclass.as_ref());
                let module = superclass.map(|(_, module)| module.clone());
                Ok(Receiver::Super(
                    module.unwrap_or_default(),
                    self.own_receiver(head.span)?,
                ))
            }
            ExprKind::ClassRef(name) => match self.class_module(name) {
                Some(module) => Ok(Receiver::Class(module)),
                None => Ok(Receiver::Object(self.class_ref(name)?)),
            },
            _ => Ok(Receiver::Object(self.expr(head)?)),
        }
    }

    pub(super) fn arguments(&mut self, message: &'a Message) -> Result<Vec<Expr>, Exited> {
        message
            .arguments()
            .map(|argument| self.expr(argument))
            .collect()
    }

    fn selector(&mut self, message: &Message) -> Expr {
        let span = message.selector_span().shift(self.base);
        Expr::atom(self.names.atom(&message.selector(), span))
    }

    fn send(&mut self, receiver: &Receiver, link: &'a Link) -> Lowered {
        let args = self.arguments(&link.message)?;
        match receiver {
            Receiver::Object(object) => self.send_to_object(object, link, args),
            Receiver::Own(object) => match self.fixed(&link.message) {
                Some((module, function)) => {
                    self.count(2 + args.len() as u32)?;
                    let line = self.line(link.message.selector_span());
                    let args = std::iter::once(object.clone()).chain(args).collect();
                    Ok(self.bind(Expr::call(line, &module, &function, args)))
                }
                None => self.send_to_object(object, link, args),
            },
            Receiver::Super(module, object) => {
                let function = if self.class_side {
                    "$class_send"
                } else {
                    "$send"
                };
                self.send_to_module(module, function, link, args, object.clone())
            }
            Receiver::BuiltSuper(receiver) => {
                let selector = self.selector(&link.message);
                let args = vec![receiver.clone(), selector, Expr::list(args)];
                self.call(self.line(link.span), runtime::BUILT_SUPER, args)
            }
            Receiver::Character(value) => match self.library_module("Character") {
                Some(module) => self.send_to_module(&module, "$send", link, args, value.clone()),
                None => self.send_to_object(value, link, args),
            },
            Receiver::Class(module) => {
                self.send_to_module(module, "$class_send", link, args, class_object(module))
            }
        }
    }

    /// Module and function of the own method that a message to `self` always means. The call goes through the facade:
    /// it knows where the present version of the method is.
    fn fixed(&self, message: &Message) -> Option<(String, String)> {
        let class = self.class?;
        let selector = message.selector();
        if !class.is_fixed(&selector, self.class_side) {
            return None;
        }
        let function = method_function(&selector, self.class_side);
        Some((class.module.clone(), function))
    }

    fn send_to_module(
        &mut self,
        module: &str,
        function: &str,
        link: &Link,
        args: Vec<Expr>,
        receiver: Expr,
    ) -> Lowered {
        let name = link.message.selector();
        if let (Some(operator), [argument]) = (equality(&name), args.as_slice()) {
            return Ok(self.bind_boolean(bif(
                self.line(link.span),
                operator,
                vec![receiver, argument.clone()],
            )));
        }
        self.count(2 + args.len() as u32)?;
        let selector = self.selector(&link.message);
        let line = self.line(link.span);
        let answer = self.bind(Expr::call(
            line,
            module,
            function,
            vec![selector, Expr::list(args), receiver],
        ));
        // The keyword constructors of a class are not in its interface.
        if function == "$send" || RAISING.contains(&name.as_str()) {
            return self.keep_frame(&name, answer);
        }
        Ok(answer)
    }

    fn send_to_object(&mut self, object: &Expr, link: &Link, args: Vec<Expr>) -> Lowered {
        let name = link.message.selector();
        let line = self.line(link.span);
        if let Expr::Local(function) = object
            && function.arity == args.len()
            && is_value_selector(&name, args.len())
        {
            return Ok(self.bind(Expr::Apply(line, Box::new(object.clone()), args)));
        }
        let object = &self.small(object.clone());
        let args: Vec<Expr> = args.into_iter().map(|arg| self.nameable(arg)).collect();
        if let [argument] = args.as_slice() {
            if let Some(operator) = equality(&name) {
                return Ok(self.bind_boolean(bif(
                    line,
                    operator,
                    vec![object.clone(), argument.clone()],
                )));
            }
            if name == "++" {
                // Not asking for its class spares a look at every byte of the receiver.
                let guard = Some(bif(Line(0), "is_binary", vec![object.clone()]));
                let arguments = vec![object.clone(), argument.clone()];
                let fast = super::runtime_call(line, runtime::CONCATENATE, arguments);
                return self.fast_or_send(guard, fast, object, link, args);
            }
            if let Some(operator) = comparison(&name) {
                return self.compare(operator, object, argument, link, &args);
            }
            if let Some((operator, test)) = number_operator(&name) {
                let guard = both(test, object, argument);
                let fast = bif(line, operator, vec![object.clone(), argument.clone()]);
                return self.fast_or_send(guard, fast, object, link, args);
            }
        }
        if is_value_selector(&name, args.len()) {
            let arity = Expr::Lit(Lit::Int(i64::try_from(args.len()).unwrap_or(0)));
            let guard = Some(bif(Line(0), "is_function", vec![object.clone(), arity]));
            let fast = Expr::Apply(line, Box::new(object.clone()), args.clone());
            return self.fast_or_send(guard, fast, object, link, args);
        }
        let send = self.plain_send(object, link, args)?;
        let answer = self.bind(send);
        self.keep_frame(&name, answer)
    }

    /// A send that can hardly do anything but raise is not the last call of its function, so that the function is in the
    /// stack trace: one that is there to raise, or that no known class understands.
    fn keep_frame(&mut self, selector: &str, answer: Expr) -> Lowered {
        if RAISING.contains(&selector) || !self.context.environment.is_understood(selector) {
            return self.call(Line(0), runtime::ANSWER, vec![answer]);
        }
        Ok(answer)
    }

    fn plain_send(&mut self, object: &Expr, link: &Link, args: Vec<Expr>) -> Result<Expr, Exited> {
        self.count(2 + args.len() as u32)?;
        let selector = self.selector(&link.message);
        let line = self.line(link.message.selector_span());
        Ok(super::runtime_call(
            line,
            runtime::SEND,
            vec![object.clone(), selector, Expr::list(args)],
        ))
    }

    /// A comparison is made in guards, whose clauses answer constants: OTP's compiler then jumps from the comparison to
    /// what depends on it. As a value it would be a call and another test.
    fn compare(
        &mut self,
        operator: &str,
        object: &Expr,
        argument: &Expr,
        link: &Link,
        args: &[Expr],
    ) -> Lowered {
        self.count(6)?;
        let test = bif(Line(0), operator, vec![object.clone(), argument.clone()]);
        let (holds, otherwise) = match both("is_number", object, argument) {
            Some(numbers) => (bif(Line(0), "and", vec![numbers.clone(), test]), numbers),
            None => (test, Expr::atom("true")),
        };
        let send = self.plain_send(object, link, args.to_vec())?;
        Ok(self.first_that_holds(vec![
            Clause::guarded(Vec::new(), holds, Expr::atom("true")),
            Clause::guarded(Vec::new(), otherwise, Expr::atom("false")),
            Clause::new(Vec::new(), send),
        ]))
    }

    /// The primitive where the guard holds, a send everywhere else. No guard: it always holds.
    fn fast_or_send(
        &mut self,
        guard: Option<Expr>,
        fast: Expr,
        object: &Expr,
        link: &Link,
        args: Vec<Expr>,
    ) -> Lowered {
        let Some(guard) = guard else {
            return Ok(self.bind(fast));
        };
        self.count(4)?;
        let send = self.plain_send(object, link, args)?;
        Ok(self.first_that_holds(vec![
            Clause::guarded(Vec::new(), guard, fast),
            Clause::new(Vec::new(), send),
        ]))
    }

    /// The value of the first clause, without patterns, whose guard holds.
    fn first_that_holds(&mut self, clauses: Vec<Clause>) -> Expr {
        self.bind(Expr::Case(Box::new(Expr::Values(Vec::new())), clauses))
    }

    pub(super) fn not_inlined(&mut self, receiver: Expr, selector: &str, span: Span) -> Exited {
        Exited(super::runtime_call(
            self.line(span),
            runtime::NOT_INLINED,
            vec![receiver, Expr::atom(selector)],
        ))
    }
}

/// `Character value: …`
fn makes_character(head: &Ast, link: &Link) -> bool {
    matches!(&head.kind, ExprKind::ClassRef(name) if name.name.text == "Character")
        && link.message.selector() == "value:"
}

/// Equality is never sent: it compares terms (language reference 4.8).
fn equality(selector: &str) -> Option<&'static str> {
    Some(match selector {
        "==" => "==",
        "/=" => "/=",
        "=:=" => "=:=",
        "=/=" => "=/=",
        _ => return None,
    })
}

/// Comparisons that are primitives on numbers: the function of `erlang`.
fn comparison(selector: &str) -> Option<&'static str> {
    Some(match selector {
        "<" => "<",
        ">" => ">",
        "<=" => "=<",
        ">=" => ">=",
        _ => return None,
    })
}

/// Operators that are primitives on numbers: the function of `erlang`, and the test that both operands must pass.
fn number_operator(selector: &str) -> Option<(&'static str, &'static str)> {
    Some(match selector {
        "+" => ("+", "is_number"),
        "-" => ("-", "is_number"),
        "*" => ("*", "is_number"),
        "/" => ("/", "is_number"),
        "%" => ("rem", "is_integer"),
        _ => return None,
    })
}

/// A guard that both operands pass the test; constants that pass it are not asked.
fn both(test: &str, a: &Expr, b: &Expr) -> Option<Expr> {
    let passes = |expr: &Expr| match expr {
        Expr::Lit(Lit::Int(_) | Lit::Big(_)) => true,
        Expr::Lit(Lit::Float(_)) => test == "is_number",
        _ => false,
    };
    let ask = |expr: &Expr| bif(Line(0), test, vec![expr.clone()]);
    match (passes(a), passes(b)) {
        (true, true) => None,
        (true, false) => Some(ask(b)),
        (false, true) => Some(ask(a)),
        (false, false) => Some(bif(Line(0), "and", vec![ask(a), ask(b)])),
    }
}

fn is_value_selector(selector: &str, args: usize) -> bool {
    match args {
        0 => selector == "value",
        1..=MAX_VALUE_ARGS => {
            selector.len() == 6 * args && selector.split_inclusive(':').all(|part| part == "value:")
        }
        _ => false,
    }
}
