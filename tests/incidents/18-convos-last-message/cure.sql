CREATE INDEX message_last ON message(conversationId, contentType, dateNs);
