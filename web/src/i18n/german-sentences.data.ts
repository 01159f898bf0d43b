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
  'Change your own password and second factor in your profile.':
    'Ihr eigenes Passwort und Ihren zweiten Faktor ändern Sie in Ihrem Profil.',
  // Backups
  'This passphrase is among the first that are tried. Choose another one.':
    'Diese Passphrase gehört zu denen, die zuerst probiert werden. Wählen Sie eine andere.',
  'The configuration has more than {} MB, which is more than a backup may hold.':
    'Die Konfiguration hat mehr als {} MB, und so viel fasst keine Sicherung.',
  'A backup has at most {} MB. This is another file.': 'Eine Sicherung hat höchstens {} MB. Das ist eine andere Datei.',
  'This is no backup of Vedette: it is not a file that age made with a passphrase.':
    'Das ist keine Sicherung von Vedette: die Datei hat nicht age mit einer Passphrase gemacht.',
  'This is no backup of Vedette: {}': 'Das ist keine Sicherung von Vedette: {}',
  'The passphrase does not open this backup, or the file is damaged. Check the passphrase; a damaged file cannot be mended.':
    'Die Passphrase öffnet diese Sicherung nicht, oder die Datei ist beschädigt. Prüfen Sie die Passphrase; eine beschädigte Datei lässt sich nicht flicken.',
  'Opening this file would take too much memory (scrypt work factor {}, at most {}). Encrypt it again with the age program.':
    'Diese Datei zu öffnen bräuchte zu viel Speicher (scrypt-Faktor {}, höchstens {}). Verschlüsseln Sie sie mit dem Programm age neu.',
  'Other backups are being made or opened. Try again in a moment.':
    'Andere Sicherungen werden gerade gemacht oder geöffnet. Versuchen Sie es gleich noch einmal.',
  'There is no passphrase for backups on this machine yet: set one first.':
    'Auf diesem Gerät gibt es noch keine Passphrase für Sicherungen: legen Sie zuerst eine fest.',
  'There are {} backups that were made by hand: delete some first.':
    'Es gibt {} von Hand gemachte Sicherungen: löschen Sie zuerst einige.',
  'This file is too large for a backup.': 'Für eine Sicherung ist diese Datei zu groß.',
  'There is no such backup.': 'Diese Sicherung gibt es nicht.',
  '{} is not the folder that backups were written to before: its disk is away, or another one is there. Connect the right one, or give another folder with VEDETTE_BACKUPS.':
    '{} ist nicht der Ordner, in den bisher gesichert wurde: sein Datenträger ist weg, oder ein anderer ist da. Schließen Sie den richtigen an, oder nennen Sie mit VEDETTE_BACKUPS einen anderen Ordner.',
  "The disk of the backups' folder {} is full. Free some space on it.":
    'Der Datenträger mit dem Ordner der Sicherungen {} ist voll. Schaffen Sie Platz darauf.',
  "The backups' folder {} cannot be written ({}). Check its owner and its disk.":
    'Der Ordner der Sicherungen {} lässt sich nicht beschreiben ({}). Prüfen Sie Besitzer und Datenträger.',
  "The backups' folder {} cannot be read. Check its owner and its disk.":
    'Der Ordner der Sicherungen {} lässt sich nicht lesen. Prüfen Sie Besitzer und Datenträger.',
  'Give the passphrase of this backup.': 'Geben Sie die Passphrase dieser Sicherung an.',
  'Another backup is being uploaded. Try again in a moment.':
    'Eine andere Sicherung wird gerade hochgeladen. Versuchen Sie es gleich noch einmal.',
  'This upload is over. Choose the file again.': 'Dieses Hochladen ist vorbei. Wählen Sie die Datei noch einmal.',
  'After this restore you cannot go on with your account. Say that you accept that.':
    'Nach dieser Wiederherstellung können Sie mit Ihrem Konto nicht weitermachen. Sagen Sie, dass Sie das hinnehmen.',
  'This look at the restore is over. Look at it again.':
    'Diese Vorschau der Wiederherstellung ist vorbei. Sehen Sie noch einmal nach.',
  'Something was changed since you looked at this restore. Look at it again.':
    'Seit Ihrer Vorschau wurde etwas geändert. Sehen Sie noch einmal nach.',
  // The machine
  'Vedette runs as root: whoever takes it over has the whole machine. Make a user for it, give that user the data folder (chown -R) and start Vedette with --user <name> or VEDETTE_USER=<name>.':
    'Vedette läuft als root: wer es übernimmt, hat das ganze Gerät. Legen Sie einen Benutzer dafür an, geben Sie ihm den Datenordner (chown -R), und starten Sie Vedette mit --user <Name> oder VEDETTE_USER=<Name>.',
  'The disk is full. Free space on it, or lower the quota so that old footage goes first.':
    'Der Datenträger ist voll. Schaffen Sie Platz, oder senken Sie die Grenze, damit alte Aufnahmen zuerst gehen.',
  'The disk is full. Free some space or lower the quota.':
    'Der Datenträger ist voll. Schaffen Sie Platz, oder senken Sie die Grenze.',
  'The disk is read-only. Check its cable and health, then mount it writable.':
    'Der Datenträger ist schreibgeschützt. Prüfen Sie Kabel und Zustand, und hängen Sie ihn beschreibbar ein.',
  'The storage folder or its marker file is missing. Mount the disk again.':
    'Der Speicherordner oder seine Kennungsdatei fehlt. Hängen Sie den Datenträger wieder ein.',
  'Another disk is mounted where this volume should be. Mount the right one.':
    'Wo dieser Speicher sein soll, ist ein anderer Datenträger eingehängt. Hängen Sie den richtigen ein.',
  'Writing takes more than two seconds. The disk is overloaded or failing.':
    'Schreiben dauert mehr als zwei Sekunden. Der Datenträger ist überlastet oder geht kaputt.',
  'The disk reports errors. Check its health and replace it.':
    'Der Datenträger meldet Fehler. Prüfen Sie seinen Zustand, und tauschen Sie ihn aus.',
  'The disk did not answer for 30 s.': 'Der Datenträger hat 30 s lang nicht geantwortet.',
  '{} or its marker file {} is not there. Mount the disk again.':
    '{} oder die Kennungsdatei {} ist nicht da. Hängen Sie den Datenträger wieder ein.',
  'Another volume is mounted at {}. Mount the right disk.':
    'Unter {} ist ein anderer Speicher eingehängt. Hängen Sie den richtigen Datenträger ein.',
  '{} cannot be written to. Check its mount options and owner.':
    '{} lässt sich nicht beschreiben. Prüfen Sie, wie es eingehängt ist und wem es gehört.',
  'Footage on {} could not be deleted: {}': 'Aufnahmen auf {} ließen sich nicht löschen: {}',
  '{} has too little space, and everything on it is kept or in use. Let go of kept footage, raise the quota or free space.':
    '{} hat zu wenig Platz, und alles darauf wird behalten oder gebraucht. Geben Sie Behaltenes frei, heben Sie die Grenze an, oder schaffen Sie Platz.',
  'The database is damaged ({}). Stop Vedette and run `npx vedette rebuild`.':
    'Die Datenbank ist beschädigt ({}). Halten Sie Vedette an, und führen Sie `npx vedette rebuild` aus.',
  'A segment was not added to the index: {}': 'Ein Segment kam nicht in den Index: {}',
  'The certificate ended on {} and browsers refuse it. {}':
    'Das Zertifikat ist am {} abgelaufen, und Browser lehnen es ab. {}',
  'The certificate begins on {} only. Is this machine’s clock right?':
    'Das Zertifikat gilt erst ab {}. Geht die Uhr dieses Geräts richtig?',
  'The certificate ends within a day ({}). {}': 'Das Zertifikat läuft innerhalb eines Tages ab ({}). {}',
  'The certificate ends in a day ({}). {}': 'Das Zertifikat läuft in einem Tag ab ({}). {}',
  'The certificate ends in {} days ({}). {}': 'Das Zertifikat läuft in {} Tagen ab ({}). {}',
  'The certificate {} is not used: {}': 'Das Zertifikat {} wird nicht benutzt: {}',
  'No new certificate for {}: {}. Vedette tries again at {} (UTC).':
    'Kein neues Zertifikat für {}: {}. Vedette versucht es um {} (UTC) wieder.',
  'Vedette cannot listen on port {} (VEDETTE_ACME_HTTP_PORT), where the ACME authority asks.':
    'Vedette kann auf Port {} (VEDETTE_ACME_HTTP_PORT), wo die ACME-Stelle fragt, nicht lauschen.',
  'There is footage in {}, but the database is new. Put the old database back, or stop Vedette and run `npx vedette rebuild` to make the index again from the footage.':
    'In {} liegen Aufnahmen, aber die Datenbank ist neu. Legen Sie die alte Datenbank zurück, oder halten Sie Vedette an und führen Sie `npx vedette rebuild` aus, das den Index aus den Aufnahmen neu macht.',
  'The clock is before the newest footage ({}). Nothing is deleted for its age until it is right.':
    'Die Uhr zeigt eine Zeit, die vor den neuesten Aufnahmen ({}) liegt. Bis sie stimmt, wird nichts wegen seines Alters gelöscht.',
  'The clock was set by more than an hour. Nothing is deleted for its age for another {} hours.':
    'Die Uhr wurde um mehr als eine Stunde gestellt. Weitere {} Stunden lang wird nichts wegen seines Alters gelöscht.',
  'The automatic backup failed: {}': 'Die automatische Sicherung ist gescheitert: {}',
  // Any page
  'You began too many recordings within the hour: try again later.':
    'Sie haben in dieser Stunde zu viele Aufnahmen begonnen: versuchen Sie es später.',
  'This server does not answer to that host name. If it is yours, name it in VEDETTE_HOSTNAMES.':
    'Auf diesen Namen antwortet dieser Server nicht. Gehört er Ihnen, nennen Sie ihn in VEDETTE_HOSTNAMES.',
  'This server speaks HTTPS only: write https:// instead of http://.':
    'Dieser Server spricht nur HTTPS: schreiben Sie https:// statt http://.',
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
  'The camera no longer shows this key. Look at its page again.':
    'Die Kamera zeigt diesen Schlüssel nicht mehr. Sehen Sie auf ihrer Seite noch einmal nach.',
  'The camera sends thousands of pictures a second, which no camera does. Check its settings, or take it off the network.':
    'Die Kamera sendet Tausende Bilder je Sekunde, was keine Kamera tut. Prüfen Sie ihre Einstellungen, oder nehmen Sie sie vom Netz.',
  'Vedette does not connect to {}. {}': 'Vedette verbindet sich nicht mit {}. {}',
  'No two UDP ports are free on this machine. Use TCP for this camera.':
    'Auf diesem Gerät sind keine zwei UDP-Ports frei. Nehmen Sie für diese Kamera TCP.',
  'The attempt was given up.': 'Der Versuch wurde aufgegeben.',
  'The camera sends us around in circles.': 'Die Kamera schickt uns im Kreis.',
  'The camera sends us on to another address. {}': 'Die Kamera schickt uns zu einer anderen Adresse. {}',
  'The camera changes its picture format or its clock all the time.':
    'Die Kamera wechselt ständig ihr Bildformat oder ihre Uhr.',
  'The camera sends us to another address, which cannot be read.':
    'Die Kamera schickt uns zu einer anderen Adresse, die sich nicht lesen lässt.',
  'The camera sends us to an address without encryption.':
    'Die Kamera schickt uns zu einer Adresse ohne Verschlüsselung.',
  'The camera no longer listens.': 'Die Kamera hört nicht mehr zu.',
  'The camera’s data could not be handled.': 'Mit den Daten der Kamera ließ sich nichts anfangen.',
  'The camera asks questions without an end instead of sending pictures.':
    'Die Kamera stellt Fragen ohne Ende, statt Bilder zu senden.',
  'The camera’s answer is too long for a description of its streams.':
    'Die Antwort der Kamera ist zu lang für eine Beschreibung ihrer Ströme.',
  'The camera describes its streams with characters that are not allowed.':
    'Die Kamera beschreibt ihre Ströme mit Zeichen, die nicht erlaubt sind.',
  'The session was closed.': 'Die Sitzung wurde geschlossen.',
  'The camera puts two streams on one channel.': 'Die Kamera legt zwei Ströme auf einen Kanal.',
  'The camera sends single pictures of more than 8 MB.': 'Die Kamera sendet einzelne Bilder von mehr als 8 MB.',
  'The camera sends streams that nobody asked for, and nothing else.':
    'Die Kamera sendet nur Ströme, die niemand verlangt hat.',
  'The camera’s stream became unreadable.': 'Der Strom der Kamera wurde unlesbar.',
  'Pictures of this camera ended the decoder several times and are not decoded any more.':
    'Bilder dieser Kamera haben den Decoder mehrmals beendet und werden nicht mehr dekodiert.',
  'This picture is too far from a key frame to be decoded.':
    'Dieses Bild ist zu weit von einem Schlüsselbild entfernt, um dekodiert zu werden.',
  'The camera is being connected.': 'Die Kamera wird verbunden.',
  'The camera has a problem. Tell an administrator if it stays so.':
    'Die Kamera hat eine Störung. Sagen Sie einem Administrator Bescheid, wenn es so bleibt.',
  'The camera does not answer. Tell an administrator if it stays so.':
    'Die Kamera antwortet nicht. Sagen Sie einem Administrator Bescheid, wenn es so bleibt.',
  'The camera refuses its password. An administrator must type it again.':
    'Die Kamera lehnt ihr Passwort ab. Ein Administrator muss es neu eingeben.',
  'The camera stopped sending pictures. Tell an administrator if it stays so.':
    'Die Kamera sendet keine Bilder mehr. Sagen Sie einem Administrator Bescheid, wenn es so bleibt.',
  'The camera sends something that cannot be recorded. An administrator must change its settings.':
    'Die Kamera sendet etwas, das sich nicht aufzeichnen lässt. Ein Administrator muss ihre Einstellungen ändern.',
  'The camera is switched off.': 'Die Kamera ist ausgeschaltet.',
  // Footage
  'Nothing was recorded in this span. {}': 'In dieser Spanne wurde nichts aufgezeichnet. {}',
  'Too much footage is asked for at once. Wait for the first of it.':
    'Es werden zu viele Aufnahmen auf einmal verlangt. Warten Sie auf die ersten.',
  'A timeline goes from an earlier to a later time and spans at most 400 days.':
    'Eine Zeitleiste geht von früher nach später und umfasst höchstens 400 Tage.',
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
