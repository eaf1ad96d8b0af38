//! The older style.

use super::super::Value;
use super::{canonical, read, refused};

#[test]
fn is_recognised_by_its_marks() {
    for (given, old) in [
        ("", false),
        ("&", true),
        ("k=v&&", true),
        ("k=True", true),
        ("author.is_male=True", true),
        ("&k&", true),
        ("k=v", false),
        ("order_by=v", true),
        ("k=v%20v", true),
        ("k=\"v%20v\"", false),
        ("k__in=v", true),
        ("l1__l2__in=v", true),
        ("k__random=v", false),
        ("k__in=v,v", true),
        ("k__in=ne", true),
        ("k__in=ne=v", false),
        ("order_by=k&k__in=v", true),
        ("limit=10,offset=2", false),
        ("limit=10,eq(offset,2)", false),
        ("select(books)&k__in=v,v", true),
        ("k__in=v,v&select(books)", true),
        ("select(books)", false),
        ("=", true),
        ("a=", true),
    ] {
        assert_eq!(read(given).old_style, old, "{given}");
    }
}

#[test]
fn means_what_it_meant() {
    for (given, want) in [
        ("k__in=a,b", "in(k,(a,b))"),
        ("k__in=,a,", "in(k,(a))"),
        ("k__in=,", ""),
        ("k__isnull=true", "eq(k,null())"),
        ("k__isnull=True", "eq(k,null())"),
        ("k__isnull=1", "eq(k,null())"),
        ("k__isnull=0", "ne(k,null())"),
        ("k__gte=1", "ge(k,1)"),
        ("k__lte=1&k__gt=2&k__lt=3", "le(k,1)&gt(k,2)&lt(k,3)"),
        ("k__icontains=x", "ilike(k,*x*)"),
        ("k__contains=*x", "like(k,*x*)"),
        ("k__startswith=x&k__endswith=y", "like(k,x*)&like(k,*y)"),
        ("k__istartswith=x&k__iendswith=y", "ilike(k,x*)&ilike(k,*y)"),
        ("k__exact=x", "like(k,x)"),
        ("k__exact=\"x\"", "like(k,\"\"\"x\"\"\")"),
        ("k__iexact=x", "ilike(k,x)"),
        ("k=v%20v", "eq(k,\"v v\")"),
        ("k=v,%20v%20(x)", "eq(k,\"v, v (x)\")"),
        ("k=v&k=w&", "eq(k,v)&eq(k,w)"),
        ("k=&l=m", "eq(l,m)"),
        ("k=", ""),
        ("=", ""),
        ("&", ""),
        ("select(-books)&k__in=v,v", "select(-books)&in(k,(v,v))"),
        ("order_by=-a,b&k=v", "eq(k,v)&ordering(-a,b)"),
        ("ordering=&k=v", "eq(k,v)"),
        ("limit=1&offset=1&title__exact=G", "like(title,G)&limit=1&offset=1"),
        ("search=&status=a,b", "in(status,(a,b))"),
        ("search=x+y&k__in=a", "in(k,(a))&search=x y"),
        ("version=null()&order_by=name", "eq(version,null())&ordering(name)"),
        // Form-encoded: the plus is a space.
        ("name__icontains=a+b", "ilike(name,\"*a b*\")"),
        ("created__gte=2021-01-01T00:00:00+00:00", "ge(created,2021-01-01T00:00:00+00:00)"),
        ("created__gte=2021-01-01T00%3A00%3A00%2B00%3A00", "ge(created,2021-01-01T00:00:00+00:00)"),
        ("contract__id__exact=CRD-1", "like(contract__id,CRD-1)"),
        ("title__day=2020", "eq(title__day,2020)"),
    ] {
        assert_eq!(canonical(given), want, "{given}");
    }
    assert_eq!(read("k=True").filter, Some(super::super::Filter::eq("k", Value::Plain("True".into()))));
}

#[test]
fn refuses_what_it_cannot_mean() {
    for given in ["k__isnull=2", "k__isnull=TRUE", "k__regex=x", "k__iregex=x", "1__in=x&a=", "$=1&a="] {
        assert_eq!(refused(given).message.to_string(), "Bad filter query.", "{given}");
    }
    let two = "order_by=a&ordering=b";
    assert_eq!(refused(two).message.to_string(), "Bad ordering filter: query can contain only one ordering operation.");
    assert_eq!(refused("limit=1&limit=2&k=True").message.to_string(), "Limit and offset are set incorrectly.");
}
