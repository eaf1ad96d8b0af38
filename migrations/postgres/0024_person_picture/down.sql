alter table person drop column icon;
