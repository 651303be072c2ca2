CREATE INDEX doc_list_created_down ON doc(list, created DESC, id);
