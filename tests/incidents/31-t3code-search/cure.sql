CREATE INDEX turns_assistant ON turns(assistant_message_id) WHERE assistant_message_id IS NOT NULL;
