//! What is read, as what; what is refused, in which words.

use super::super::{Filter, MAX_CONDITIONS, MAX_DEPTH, MAX_LENGTH, Op, Pick, Sort, Value};
use super::{canonical, read, refused};

/// Accepted by the published parser.
#[test]
fn reads_what_the_published_parser_reads() {
    for (given, want) in [
        ("", ""),
        ("a=b", "eq(a,b)"),
        ("a=eq=b", "eq(a,b)"),
        ("eq(a,b)", "eq(a,b)"),
        ("a=\"\"", "eq(a,\"\")"),
        ("a=\"x y\"", "eq(a,\"x y\")"),
        ("a='x\"y'", "eq(a,\"x\"\"y\")"),
        ("eq(a,-1)", "eq(a,-1)"),
        ("eq(a,1.5)", "eq(a,1.5)"),
        ("eq(email,a@b.com)", "eq(email,a@b.com)"),
        ("eq(x,Å)", "eq(x,Å)"),
        ("name=Practical%20Modern%20JavaScript", "eq(name,\"Practical Modern JavaScript\")"),
        ("(a=b|c=d)", "or(eq(a,b),eq(c,d))"),
        ("(a=b;c=d)", "or(eq(a,b),eq(c,d))"),
        ("(a=b,c=d)", "eq(a,b)&eq(c,d)"),
        ("a=b,c=d&e=f", "eq(a,b)&eq(c,d)&eq(e,f)"),
        ("in(a,(\"x y\",'z',null()))", "in(a,(\"x y\",\"z\",null()))"),
        ("and(x=1,y=2)", "eq(x,1)&eq(y,2)"),
        ("and(a=b&c=d,e=f)", "eq(a,b)&eq(c,d)&eq(e,f)"),
        (
            "or(and((p1=v1|p1=ge=v2),(p3=le=v4,gt(p5,v6))),ne(p7,p8))",
            "or(and(or(eq(p1,v1),ge(p1,v2)),le(p3,v4),gt(p5,v6)),ne(p7,p8))",
        ),
        ("not(eq(a,1))", "not(eq(a,1))"),
        ("((((not(id=fg)))))", "not(eq(id,fg))"),
        ("((not(ilike(id,*86*))))", "not(ilike(id,*86*))"),
        ("select()", ""),
        ("ordering()", ""),
        ("author=t(email=x,is_male=true)", "eq(author.email,x)&eq(author.is_male,true)"),
        ("in(author,(t(id=null()),t(email=x)))", "or(eq(author.id,null()),eq(author.email,x))"),
        // Operator names are names too.
        ("eq(and,1)", "eq(and,1)"),
        ("like=1", "eq(like,1)"),
        ("eq(in,eq)", "eq(in,eq)"),
        ("t=1", "eq(t,1)"),
        ("ordering.x=1", "eq(ordering.x,1)"),
        // The three operators of two arguments that are not comparisons of size.
        ("like(name,*a*)&out(b,(1,2))", "like(name,*a*)&out(b,(1,2))"),
        ("a=ne=b&a=gt=1&a=lt=2", "ne(a,b)&gt(a,1)&lt(a,2)"),
        ("a=null()&b=ne=empty()", "eq(a,null())&ne(b,empty())"),
        ("a.b-c_d.e=1", "eq(a.b-c_d.e,1)"),
    ] {
        assert_eq!(canonical(given), want, "{given}");
    }
}

/// Refused by the published parser, and here.
#[test]
fn refuses_what_the_published_parser_refuses() {
    for given in [
        "eq(a,)",
        "a==b",
        "a!=b",
        "a>b",
        "eq(a,%201)",
        "eq(a, 1)",
        "a=b|c=d",
        "a=b;c=d",
        "or(a=b,c=d)|e=f",
        "in(a,b)",
        "in(a,())",
        "a=in=(1,2)",
        "not()",
        "eq(a,1)&",
        "&eq(a,1)",
        ",,",
        "t()",
        "()",
        "search(foo)",
        "and()",
        "or()",
        "eq(a,b)c",
        "eq(a,b))",
        "(eq(a,b)",
        "and(eq(a,b)",
        "eq(a,\"x\"y)",
        "eq(a,\"x)",
        "eq(a,\"x\",\"y\")",
        "a=b=c",
        "in(a,(1,))",
        "in(a,(,1))",
        "in(a,(1)",
        "in(a,(1, 2))",
        "1a=b",
        "_a=b",
        "eq(1a,b)",
        "=b&c=d",
        "a=b&&eq(c,d)",
        "(a=b&c=d|e=f)",
        "(a=b|c=d;e=f)",
        "author=t()",
        "gt(a,t(b=1))",
        "eq(a,t(and(b=1)))",
        "ordering(a,)",
        "ordering(a",
        "select(,a)",
        "ordering(-)",
        "foo(a,b)",
        "range(a,1)",
        "eq(a,b",
        "eq(a",
        "eq(",
        "eq",
        "(",
        ")",
        "a=(",
        "%00=1",
        "eq(a,%00)",
        "eq(a,%FF)",
    ] {
        let error = refused(given);
        assert_eq!(error.message.to_string(), "Bad filter query.", "{given}");
        assert!(error.detail.is_some(), "{given}");
    }
}

/// Refused there, but sent by clients that are in use.
#[test]
fn reads_what_clients_send_beyond_it() {
    for (given, want) in [
        // Values that are not quoted.
        ("eq(name,foo (bar))", "eq(name,\"foo (bar)\")"),
        ("eq(name,a/b)", "eq(name,\"a/b\")"),
        ("eq(a,a;b)", "eq(a,\"a;b\")"),
        ("eq(a,{b})", "eq(a,\"{b}\")"),
        ("eq(a,$1)", "eq(a,\"$1\")"),
        ("eq(a,50%)", "eq(a,\"50%\")"),
        ("eq(a,it's)", "eq(a,\"it's\")"),
        ("eq(a,'s-Hertogenbosch)", "eq(a,\"'s-Hertogenbosch\")"),
        ("eq(mpn,A/B (x), 2nd)&limit=1", "eq(mpn,\"A/B (x), 2nd\")&limit=1"),
        ("and(eq(mpn,A,B (x)),eq(c,d))", "eq(mpn,\"A,B (x)\")&eq(c,d)"),
        ("eq(name,R&D)&limit=1", "eq(name,\"R&D\")&limit=1"),
        ("eq(name,R%26D)", "eq(name,\"R&D\")"),
        ("name=R%26D&a=b", "eq(name,\"R&D\")&eq(a,b)"),
        ("eq(mpn,A) B)&limit=1", "eq(mpn,\"A) B\")&limit=1"),
        ("eq(name,smile :()&limit=1", "eq(name,\"smile :(\")&limit=1"),
        ("like(name,*a/b*)", "like(name,\"*a/b*\")"),
        ("in(mpn,(A/B,C (d),e f))", "in(mpn,(\"A/B\",\"C (d)\",\"e f\"))"),
        ("mpn=A/B", "eq(mpn,\"A/B\")"),
        ("name=foo(bar)", "eq(name,\"foo(bar)\")"),
        ("key=abc==", "eq(key,\"abc==\")"),
        ("created=ge%3D2021-01-01", "ge(created,2021-01-01)"),
        // Groups of one, groups of groups, negated groups.
        ("and(x=1)", "eq(x,1)"),
        ("or(x=1)", "eq(x,1)"),
        ("not(and(a=1,b=2))", "not(and(eq(a,1),eq(b,2)))"),
        ("not(or(a=1,b=2))", "not(or(eq(a,1),eq(b,2)))"),
        ("not(a=1&b=2)", "not(and(eq(a,1),eq(b,2)))"),
        ("(((eq(c,red))|(eq(c,blue)))|(eq(c,yellow)))", "or(eq(c,red),eq(c,blue),eq(c,yellow))"),
        // Other names.
        ("gte(a,1)&lte(a,2)", "ge(a,1)&le(a,2)"),
        ("range(a,1,2)", "ge(a,1)&le(a,2)"),
        ("or(range(a,1,2),b=1)", "or(and(ge(a,1),le(a,2)),eq(b,1))"),
        // A list without an operator.
        ("status=a,b", "in(status,(a,b))"),
        ("status=a,\"b c\",d&e=f", "in(status,(a,\"b c\",d))&eq(e,f)"),
        ("status=a,b,c=d", "in(status,(a,b))&eq(c,d)"),
        ("status=a,eq(c,d)", "eq(status,a)&eq(c,d)"),
        ("status=a,limit=1", "eq(status,a)&limit=1"),
        // Encoded syntax.
        ("((type=a)%7C(type=b))", "or(eq(type,a),eq(type,b))"),
        ("like(name,%22*a%20b%5C**%22)", "like(name,\"*a b\\**\")"),
        // Tuples with other operators.
        ("ne(author,t(a=1,b=2))", "not(and(eq(author.a,1),eq(author.b,2)))"),
        ("out(author,(t(a=1),x))", "not(or(in(author,(x)),eq(author.a,1)))"),
        ("out(author,(t(in(a,(1,2)))))", "not(in(author.a,(1,2)))"),
        ("author=t(like(name,a*),t=1,b=t(c=d))", "like(author.name,a*)&eq(author.t,1)&eq(author.b.c,d)"),
        ("author=t(limit=5,search=x)", "eq(author.limit,5)&eq(author.search,x)"),
        ("t(a=1,b=2)", "eq(a,1)&eq(b,2)"),
        // A doubled quote stands for the quote.
        ("eq(a,\"x\"\"y'z\")", "eq(a,\"x\"\"y'z\")"),
        // Taken apart and put together again by a library for forms.
        ("eq%28a%2Cb%29=&in%28c%2C%28d%2Ce%29%29=&limit=1", "eq(a,b)&in(c,(d,e))&limit=1"),
        ("select%28-a%29=&ordering%28-b%29=", "select(-a)&ordering(-b)"),
        // A single older pair among newer conditions.
        ("eq(a,b)&created__gte=2021-01-01", "eq(a,b)&ge(created,2021-01-01)"),
        ("eq(a,b)&id__in=x,y&limit=1", "eq(a,b)&in(id,(x,y))&limit=1"),
        ("eq(a,b)&name__icontains=x+y", "eq(a,b)&ilike(name,\"*x y*\")"),
    ] {
        assert_eq!(canonical(given), want, "{given}");
    }
}

/// As the clients sent them, from the recordings.
#[test]
fn reads_recorded_queries() {
    for (given, want) in [
        (
            "select(-media)&and(ilike(name,*a%20b*),in(status,(draft,published)),eq(version,null()),eq(owner.id,VA-1))\
             &ordering(name,-id)&limit=1&offset=0&search=t%C3%A9+st",
            "select(-media)&ilike(name,\"*a b*\")&in(status,(draft,published))&eq(version,null())&eq(owner.id,VA-1)\
             &ordering(name,-id)&limit=1&offset=0&search=té st",
        ),
        (
            "and(or(eq(a,1),eq(b,2)),ge(c,2021-01-01T00:00:00+00:00))",
            "or(eq(a,1),eq(b,2))&ge(c,2021-01-01T00:00:00+00:00)",
        ),
        (
            "status=pending&in(asset.product.id,(PRD-1,PRD-2))&ge(created,2021-01-01T00:00:00+00:00)\
             &like(name,%22*a%20b%5C**%22)&not(eq(name,x))&((type=a)%7C(type=b))&limit=10&offset=0&ordering(-created)",
            "eq(status,pending)&in(asset.product.id,(PRD-1,PRD-2))&ge(created,2021-01-01T00:00:00+00:00)\
             &like(name,\"*a b\\**\")&not(eq(name,x))&or(eq(type,a),eq(type,b))&ordering(-created)&limit=10&offset=0",
        ),
        (
            "and(eq(visibility.owner,true),eq(version,null()))&limit=25&offset=0",
            "eq(visibility.owner,true)&eq(version,null())&limit=25&offset=0",
        ),
        (
            "or(eq(visibility.listing,true),eq(visibility.syndication,true))&limit=25&offset=0",
            "or(eq(visibility.listing,true),eq(visibility.syndication,true))&limit=25&offset=0",
        ),
        (
            "and(eq(context.instance_id,PRD-276-377-545),eq(primary,true))&limit=1&offset=0",
            "eq(context.instance_id,PRD-276-377-545)&eq(primary,true)&limit=1&offset=0",
        ),
        ("eq(phase,ordering)&limit=0&offset=0", "eq(phase,ordering)&limit=0&offset=0"),
        ("scope=asset&phase=fulfillment", "eq(scope,asset)&eq(phase,fulfillment)"),
        (
            "select(-asset.items,-asset.params,-asset.configuration,-activation_key,-template)\
             &and(ge(created,2021-01-01T00:00:00+00:00),le(created,2021-02-01T00:00:00+00:00),\
             in(asset.product.id,(PRD-1,PRD-2)),in(type,(purchase,change)),in(status,(tiers_setup,inquiring)),\
             in(asset.marketplace.id,(MP-1)))&limit=500&offset=0",
            "select(-asset.items,-asset.params,-asset.configuration,-activation_key,-template)\
             &ge(created,2021-01-01T00:00:00+00:00)&le(created,2021-02-01T00:00:00+00:00)\
             &in(asset.product.id,(PRD-1,PRD-2))&in(type,(purchase,change))&in(status,(tiers_setup,inquiring))\
             &in(asset.marketplace.id,(MP-1))&limit=500&offset=0",
        ),
        (
            "and(or(and(ge(period.from,2021-01-01),le(period.from,2021-02-01)),and(ge(period.to,2021-01-01),\
             le(period.to,2021-02-01))),in(asset.product.id,(PRD-1)))&limit=500",
            "or(and(ge(period.from,2021-01-01),le(period.from,2021-02-01)),and(ge(period.to,2021-01-01),\
             le(period.to,2021-02-01)))&in(asset.product.id,(PRD-1))&limit=500",
        ),
        (
            "eq(asset.id,AS-1),in(status,(approved,closed)),(and(ge(start_date,2021-01-01),lt(start_date,2021-02-01))\
             |and(ge(end_date,2021-01-01),lt(end_date,2021-02-01)))&limit=500&offset=0",
            "eq(asset.id,AS-1)&in(status,(approved,closed))&or(and(ge(start_date,2021-01-01),lt(start_date,2021-02-01)),\
             and(ge(end_date,2021-01-01),lt(end_date,2021-02-01)))&limit=500&offset=0",
        ),
        (
            "select(agreement)&in(type,(program,distribution))&ordering(-status)&limit=500&offset=0",
            "select(agreement)&in(type,(program,distribution))&ordering(-status)&limit=500&offset=0",
        ),
        ("select(context,sources)&limit=25&offset=0", "select(context,sources)&limit=25&offset=0"),
        ("eq(external_id,39878)&limit=0&offset=0", "eq(external_id,39878)&limit=0&offset=0"),
        (
            "in(asset.product.id,(PRD-1))&eq(status,pending)&limit=1000",
            "in(asset.product.id,(PRD-1))&eq(status,pending)&limit=1000",
        ),
        ("in(product.id,(PRD-1))&eq(status,listed)&limit=1000", "in(product.id,(PRD-1))&eq(status,listed)&limit=1000"),
        (
            "eq(account.id,TA-0-7304-8514-7000)&eq(product.id,PRD-1)&eq(tier_level,0)",
            "eq(account.id,TA-0-7304-8514-7000)&eq(product.id,PRD-1)&eq(tier_level,0)",
        ),
        (
            "select(a)&like(b,c*)&ilike(d,*e)&in(f,(g,h))&out(i,(j))&eq(k,l)&ordering(-m)&limit=5&order_by=n&offset=6",
            "select(a)&like(b,c*)&ilike(d,*e)&in(f,(g,h))&out(i,(j))&eq(k,l)&ordering(-m)&limit=5&offset=6",
        ),
    ] {
        assert_eq!(canonical(given), want, "{given}");
    }
}

#[test]
fn a_plus_is_a_plus() {
    let plus = |given| read(given).filter.unwrap();
    assert_eq!(plus("eq(a,x+y)"), Filter::eq("a", Value::Plain("x+y".into())));
    assert_eq!(plus("a=x%2By"), Filter::eq("a", Value::Plain("x+y".into())));
    assert_eq!(plus("email=a+b@x.com"), Filter::eq("email", Value::Plain("a+b@x.com".into())));
    assert_eq!(
        plus("created=ge=2021-01-01T00:00:00+00:00"),
        Filter::compare("created", Op::Ge, "2021-01-01T00:00:00+00:00"),
    );
    // One client form-encodes its pairs, another does not; both are served.
    assert_eq!(
        plus("mpn=MPN+X&a=b"),
        Filter::all([Filter::one_of("mpn", ["MPN+X", "MPN X"]).unwrap(), Filter::eq("a", "b")]).unwrap()
    );
    assert_eq!(read("search=a+b%2Bc").search.as_deref(), Some("a b+c"));
    assert_eq!(read("search=%22a%22").search.as_deref(), Some("a"));
    assert_eq!(read("limit=1&search=a%26b,c").search.as_deref(), Some("a&b,c"));
}

#[test]
fn values_keep_how_they_were_given() {
    for (given, want) in [
        ("eq(a,null())", Value::Null),
        ("eq(a,empty())", Value::Empty),
        ("eq(a,\"null()\")", Value::Quoted("null()".into())),
        ("eq(a,\"b\")", Value::Quoted("b".into())),
        ("eq(a,b)", Value::Plain("b".into())),
        ("eq(a,null())&eq(b,c)", Value::Null),
    ] {
        let query = read(given);
        let Some(Filter::Compare { value, .. }) = query.terms().first() else { panic!("{given}") };
        assert_eq!(value, &want, "{given}");
    }
}

#[test]
fn paging_in_every_spelling() {
    for given in [
        "limit=10&offset=20",
        "limit=10,offset=20",
        "eq(limit,10)&offset=eq=20",
        "(limit=eq=10,offset=20)",
        "and(limit=10,offset=20)",
    ] {
        let query = read(given);
        assert_eq!((query.limit, query.offset, query.filter), (Some(10), Some(20), None), "{given}");
    }
    for (given, limit, offset) in [
        ("limit=x&offset=y", None, None),
        ("limit=-1&offset=-1", None, None),
        ("limit=0&offset=0", Some(0), Some(0)),
        ("limit=99999999999", Some(u32::MAX), None),
        ("offset=99999999999999999999999", None, Some(u64::MAX)),
        ("limit=%2B5", Some(5), None),
    ] {
        let query = read(given);
        assert_eq!((query.limit, query.offset), (limit, offset), "{given}");
    }
    for given in [
        "limit=ge=1",
        "limit=1&limit=2",
        "limit=1,offset=1,eq(limit,2)",
        "limit=1,offset=1,offset=eq=2",
        "or(limit=1,a=b)",
        "not(limit=1)",
        "(a=b|limit=1)",
        "in(limit,(1,2))",
        "range(offset,1,2)",
        "like(limit,1)",
    ] {
        assert_eq!(refused(given).message.to_string(), "Limit and offset are set incorrectly.", "{given}");
    }
}

#[test]
fn order_selection_search() {
    let query = read("ordering(a,-b,+c)&select(x,-y.z)");
    assert_eq!(query.ordering, [Sort::up("a"), Sort::down("b"), Sort::up("c")]);
    let pick = |path: &str, dropped| Pick { path: path.into(), dropped };
    assert_eq!(query.select, [pick("x", false), pick("y.z", true)]);
    assert_eq!(read("order_by=-created").ordering, [Sort::down("created")]);
    assert_eq!(read("eq(a,b)&ordering=-c,d").ordering, [Sort::down("c"), Sort::up("d")]);
    assert_eq!(read("order_by=x&ordering(y)&eq(a,b)").ordering, [Sort::up("y")]);
    assert_eq!(read("search=&a=b").search, None);
    assert_eq!(read("eq(search,x)&a=b").search.as_deref(), Some("x"));
    assert_eq!(read("search=eq=x").search.as_deref(), Some("x"));
    for (given, want) in [
        ("ordering(a)&ordering(b)", "Bad ordering filter: query can contain only one ordering operation."),
        ("ordering(a,b,c,d,e,f)", "Bad ordering filter: max allowed number is 5."),
        ("select(a,-a)", "Bad select filter: incompatible properties."),
        ("select(-a,a.b)", "Bad select filter: incompatible properties."),
        ("select(a)&select(b)", "Bad select filter: query can contain only one select operation."),
        ("search=ge=x", "Bad search filter: ge."),
        ("like(search,x)", "Bad search filter: like."),
        ("in(search,(x))", "Bad search filter: in."),
        ("or(search=x,a=b)", "Filter \"search\" can be applied only on top level."),
        ("not(eq(search,x))", "Filter \"search\" can be applied only on top level."),
        ("or(ordering(a),b=c)", "Bad filter query."),
        ("search=a&search=b", "Bad filter query."),
    ] {
        assert_eq!(refused(given).message.to_string(), want, "{given}");
    }
}

#[test]
fn limits_have_their_own_words() {
    let deep = |levels: usize| format!("{}a=b{}", "(".repeat(levels), ")".repeat(levels));
    assert_eq!(canonical(&deep(MAX_DEPTH)), "eq(a,b)");
    assert!(refused(&deep(MAX_DEPTH + 1)).to_string().contains("nests brackets"));
    assert!(refused(&format!("{}a=b", "not(".repeat(4000))).to_string().contains("nests brackets"));
    assert!(refused(&format!("a={}b=1", "t(c=".repeat(4000))).to_string().contains("nests brackets"));
    let many = |count: usize| vec!["a=b"; count].join("&");
    assert_eq!(read(&many(MAX_CONDITIONS)).terms().len(), MAX_CONDITIONS);
    assert!(refused(&many(MAX_CONDITIONS + 1)).to_string().contains("more than 200 conditions"));
    let list = |count: usize| format!("in(a,({}))", vec!["b"; count].join(","));
    assert_eq!(read(&list(8000)).terms().len(), 1);
    assert!(refused(&list(MAX_LENGTH)).to_string().contains("at most 16384"));
}
