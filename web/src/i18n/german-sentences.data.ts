/** Sentences of the server in German, by their English; `{}` stands for whatever the server puts there, in the same order. */
export const germanSentences: Readonly<Record<string, string>> = {
  // Accounts
  'This Vedette is set up already: sign in.': 'Dieses Vedette ist schon eingerichtet: melden Sie sich an.',
  'That is not the code on the console. Copy it from there.':
    'Das ist nicht der Code auf der Konsole. Übernehmen Sie ihn von dort.',
  'Sign in first.': 'Melden Sie sich zuerst an.',
  'You have no picture.': 'Sie haben kein Bild.',
  'Too many pictures at once: try again in a moment.':
    'Zu viele Bilder auf einmal: versuchen Sie es gleich noch einmal.',
  'This picture cannot be read. Give another one, as JPEG.':
    'Dieses Bild lässt sich nicht lesen. Nehmen Sie ein anderes, als JPEG.',
  'There is nothing here.': 'Hier ist nichts.',
  'There is no such user.': 'Diesen Benutzer gibt es nicht.',
  'Only an administrator may do this.': 'Das darf nur ein Administrator.',
  'This is the last administrator: make another one first.':
    'Das ist der letzte Administrator: machen Sie zuerst einen anderen dazu.',
  'Too many attempts: wait a minute and try again.': 'Zu viele Versuche: warten Sie eine Minute.',
  'This password is one of those that are tried first: choose another.':
    'Dieses Passwort gehört zu denen, die zuerst probiert werden: wählen Sie ein anderes.',
  'The password is wrong.': 'Das Passwort ist falsch.',
  'Too many people sign in at once: try again in a moment.':
    'Zu viele melden sich auf einmal an: versuchen Sie es gleich noch einmal.',
  'Your account needs a second factor: set up another one before you remove this.':
    'Ihr Konto braucht einen zweiten Faktor: richten Sie einen anderen ein, bevor Sie diesen entfernen.',
  'That is not the code of the new secret. Is the clock of your phone right?':
    'Das ist nicht der Code des neuen Geheimnisses. Geht die Uhr Ihres Telefons richtig?',
  'There are no codes of an app to remove.': 'Es gibt keine Codes einer App zu entfernen.',
  'Recovery codes stand in for a second factor: set one up first.':
    'Wiederherstellungscodes stehen für einen zweiten Faktor ein: richten Sie zuerst einen ein.',
  'There is no such device.': 'Dieses Gerät gibt es nicht.',
  'Too many wrong API tokens: wait a minute and try again.': 'Zu viele falsche API-Tokens: warten Sie eine Minute.',
  'Send one API token, as X-API-Key or as Authorization: Bearer.':
    'Senden Sie ein API-Token, als X-API-Key oder als Authorization: Bearer.',
  'There is no such camera.': 'Diese Kamera gibt es nicht.',
  'There is no such group.': 'Diese Gruppe gibt es nicht.',
  'There is no such role.': 'Diese Rolle gibt es nicht.',
  'There are at most {} groups.': 'Es gibt höchstens {} Gruppen.',
  'There are at most {} roles.': 'Es gibt höchstens {} Rollen.',
  'There are at most {} users.': 'Es gibt höchstens {} Benutzer.',
  'Another group has this name.': 'Eine andere Gruppe heißt so.',
  'Another role has this name.': 'Eine andere Rolle heißt so.',
  'Another user has this name.': 'Ein anderer Benutzer heißt so.',
  'Another user has this e-mail address.': 'Ein anderer Benutzer hat diese E-Mail-Adresse.',
  'The user name or the password is wrong.': 'Benutzername oder Passwort ist falsch.',
  'That is not right, or it was used before.': 'Das stimmt nicht, oder es wurde schon benutzt.',
  'Too many wrong codes: wait an hour, or use a recovery code or a browser that is trusted.':
    'Zu viele falsche Codes: warten Sie eine Stunde, oder nehmen Sie einen Wiederherstellungscode oder einen vertrauten Browser.',
  'Give your user name and password again.': 'Geben Sie Benutzername und Passwort noch einmal ein.',
  'The passkey could not be checked: begin again.': 'Der Passkey ließ sich nicht prüfen: beginnen Sie noch einmal.',
  'There is no such passkey.': 'Diesen Passkey gibt es nicht.',
  'Passkeys need a host name: open this page by its name instead of its IP address.':
    'Passkeys brauchen einen Namen: öffnen Sie diese Seite unter ihrem Namen statt unter der IP-Adresse.',
  'You have {} passkeys: remove one that you do not use.': 'Sie haben {} Passkeys: entfernen Sie einen unbenutzten.',
  'There is no such session.': 'Diese Sitzung gibt es nicht.',
  'Set up a second factor for yourself before you require it of administrators.':
    'Richten Sie sich selbst einen zweiten Faktor ein, bevor Sie ihn von Administratoren verlangen.',
  'Your account needs a second factor: set one up in your profile.':
    'Ihr Konto braucht einen zweiten Faktor: richten Sie ihn in Ihrem Profil ein.',
  'The token was ended as soon as it was made.': 'Das Token wurde beendet, kaum dass es gemacht war.',
  'There is no such token.': 'Dieses Token gibt es nicht.',
  'You have {} tokens: end some first.': 'Sie haben {} Tokens: beenden Sie zuerst einige.',
  // Any page
  'An API token cannot do this: sign in with your password.':
    'Ein API-Token kann das nicht: melden Sie sich mit Ihrem Passwort an.',
  'Give your password again to do this.': 'Geben Sie dafür Ihr Passwort noch einmal ein.',
  'This request came from another site.': 'Diese Anfrage kam von einer anderen Seite.',
  'The request is too large.': 'Die Anfrage ist zu groß.',
  'Too many pages, pictures or recordings are open at once. Close some of them first.':
    'Zu viele Seiten, Bilder oder Aufnahmen sind gleichzeitig offen. Schließen Sie zuerst einige.',
  'Something went wrong in the server. Its log has the details under this request id.':
    'Auf dem Server ging etwas schief. Sein Protokoll hat die Einzelheiten unter dieser Anfrage.',
  'The recorder did not answer in time. Try again in a moment.':
    'Der Rekorder hat nicht rechtzeitig geantwortet. Versuchen Sie es gleich noch einmal.',
  'The recorder is ending. Try again in a moment.': 'Der Rekorder endet gerade. Versuchen Sie es gleich noch einmal.',
  'The recorder is starting. Try again in a moment.': 'Der Rekorder startet. Versuchen Sie es gleich noch einmal.',
  // Cameras
  'There is no picture yet. Try again in a moment.': 'Es gibt noch kein Bild. Versuchen Sie es gleich noch einmal.',
  'The sub stream must come from the same camera: its address names another host.':
    'Der Nebenstrom muss von derselben Kamera kommen: seine Adresse nennt ein anderes Gerät.',
  'One Vedette holds at most {} cameras.': 'Ein Vedette hat höchstens {} Kameras.',
  'This camera is switched off. Switch it on to record.':
    'Diese Kamera ist ausgeschaltet. Schalten Sie sie ein, um aufzuzeichnen.',
  'The camera ended the connection.': 'Die Kamera hat die Verbindung beendet.',
  'The camera has sent no key frame for {} s. Set its key frame interval (GOP) to 1–2 s.':
    'Die Kamera hat {} s lang kein Schlüsselbild gesendet. Stellen Sie ihren Abstand der Schlüsselbilder (GOP) auf 1–2 s.',
  'The camera is connected, but sends no key frame. Lower its key frame (I-frame) interval.':
    'Die Kamera ist verbunden, sendet aber kein Schlüsselbild. Verkleinern Sie ihren Abstand der Schlüsselbilder (I-Frames).',
  'The camera is connected, but sends no picture.': 'Die Kamera ist verbunden, sendet aber kein Bild.',
  'The camera does not send over TCP. Try UDP.': 'Die Kamera sendet nicht über TCP. Versuchen Sie UDP.',
  'The camera does not send over UDP. Try TCP.': 'Die Kamera sendet nicht über UDP. Versuchen Sie TCP.',
  'The camera refuses the user name or the password. Enter those that its own app or page takes.':
    'Die Kamera lehnt Benutzername oder Passwort ab. Geben Sie die ein, die ihre eigene App oder Seite annimmt.',
  'The camera has no stream at this path. Look up the path for its model.':
    'Die Kamera hat unter diesem Pfad keinen Strom. Schlagen Sie den Pfad für ihr Modell nach.',
  'The camera is busy: too many viewers are connected to it. Close one of them, such as its own app.':
    'Die Kamera ist ausgelastet: zu viele sind mit ihr verbunden. Schließen Sie etwas davon, etwa ihre eigene App.',
  'The connection to the camera broke.': 'Die Verbindung zur Kamera ist abgerissen.',
  'The camera accepts the connection, but does not answer.':
    'Die Kamera nimmt die Verbindung an, antwortet aber nicht.',
  'The camera hung up. If it does so again and again, restart it and close other viewers.':
    'Die Kamera hat aufgelegt. Tut sie das immer wieder, starten Sie sie neu und schließen Sie andere Programme.',
  'The camera sends more than 128 Mbit/s or 20,000 packets a second. Lower its bitrate.':
    'Die Kamera sendet mehr als 128 Mbit/s oder 20.000 Pakete je Sekunde. Senken Sie ihre Bitrate.',
  'The camera has ended the session.': 'Die Kamera hat die Sitzung beendet.',
  'Vedette does not connect there. That is not the name of a host.':
    'Dorthin verbindet sich Vedette nicht. Das ist kein Name eines Geräts.',
  'No machine named {} was found. Check the spelling or use its address.':
    'Ein Gerät namens {} wurde nicht gefunden. Prüfen Sie die Schreibweise, oder nehmen Sie seine Adresse.',
  '{} refuses connections on port {}. Is the port right and RTSP switched on?':
    '{} lehnt Verbindungen auf Port {} ab. Stimmt der Port, und ist RTSP eingeschaltet?',
  '{} does not speak TLS on port {}. Try the address with rtsp:// instead.':
    '{} spricht auf Port {} kein TLS. Versuchen Sie die Adresse mit rtsp://.',
  '{} does not answer on port {}. Is it switched on and in this network?':
    '{} antwortet auf Port {} nicht. Ist das Gerät eingeschaltet und in diesem Netz?',
  'The camera shows another key than before. If it was reset, updated or replaced, trust the new key on its page; if not, somebody may be posing as it.':
    'Die Kamera zeigt einen anderen Schlüssel als zuvor. Wurde sie zurückgesetzt, aktualisiert oder ausgetauscht, vertrauen Sie dem neuen auf ihrer Seite; wenn nicht, gibt sich vielleicht jemand für sie aus.',
  // Footage
  'The disk with this footage is away. Connect it and try again.':
    'Der Datenträger mit diesen Aufnahmen ist weg. Schließen Sie ihn an und versuchen Sie es noch einmal.',
  'This footage is not there any more.': 'Diese Aufnahmen sind nicht mehr da.',
  'This footage ends before it should: its file was cut.':
    'Diese Aufnahmen enden zu früh: ihre Datei wurde abgeschnitten.',
  'The right to this footage ended.': 'Das Recht auf diese Aufnahmen ist erloschen.',
  'Nothing was recorded in this span.': 'In dieser Spanne wurde nichts aufgezeichnet.',
  'Nothing was recorded at this instant.': 'In diesem Moment wurde nichts aufgezeichnet.',
  'There is no preview picture of this time.': 'Von dieser Zeit gibt es kein Vorschaubild.',
  'There is no such event.': 'Dieses Ereignis gibt es nicht.',
  'This event has no picture.': 'Dieses Ereignis hat kein Bild.',
  'There is no such volume.': 'Diesen Speicher gibt es nicht.',
  'This picture could not be decoded.': 'Dieses Bild ließ sich nicht dekodieren.',
  'Pictures cannot be decoded right now. Try again in a moment.':
    'Bilder lassen sich gerade nicht dekodieren. Versuchen Sie es gleich noch einmal.',
}
