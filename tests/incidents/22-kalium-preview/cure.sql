CREATE INDEX message_conversation ON Message(conversation_id, visibility, creation_date);
